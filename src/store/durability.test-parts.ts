/** Run as a process of its own, to be killed: writes from eight writers, and says each key once its write is durable. */
import { writeSync } from 'node:fs';
import { openSqlite } from './sqlite.ts';

const [file = '', round = ''] = process.argv.slice(2);
const database = openSqlite({ file });
await database.write((tx) => tx.run('CREATE TABLE IF NOT EXISTS kept (id TEXT PRIMARY KEY, twin TEXT NOT NULL)'));
await database.write((tx) => tx.run('CREATE TABLE IF NOT EXISTS twin (id TEXT PRIMARY KEY)'));

async function writeForever(writer: number): Promise<never> {
  for (let n = 0; ; n += 1) {
    const id = `${round}-${writer}-${n}`;
    await database.write(async (tx) => {
      await tx.run('INSERT INTO kept (id, twin) VALUES (?, ?)', id, id);
      await tx.run('INSERT INTO twin (id) VALUES (?)', id);
    });
    writeSync(1, `${id}\n`);
  }
}

await Promise.all(Array.from({ length: 8 }, (_, writer) => writeForever(writer)));
