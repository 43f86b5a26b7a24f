import pg from 'pg';

/** A PostgreSQL database of the drill's own, and the operator who does bad things to it. */
export interface FreshDatabase {
  url: string;
  /** Ends every connection of every server to it; how many. */
  terminateAll(): Promise<number>;
  drop(): Promise<void>;
}

const serverUrl = process.env.ERRAND_TEST_DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres';

export async function freshDatabase(): Promise<FreshDatabase> {
  const name = `errand_drill_${crypto.randomUUID().replaceAll('-', '')}`;
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    async terminateAll() {
      const ended = await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [
        name,
      ]);
      return ended.rowCount ?? 0;
    },
    async drop() {
      await client.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await client.end();
    },
  };
}
