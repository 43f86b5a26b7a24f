import type { ServerProcess } from './server-process.ts';

/** What the Account API answers to a request that made or showed something. */
export interface Shown {
  id: string;
  [field: string]: unknown;
}

/** Someone who knows Errand only by its HTTP contract and sets an account up from nothing. */
export interface Outsider {
  accountId: string;
  apiKey: string;
  /** One request below `/v1/accounts/{id}`, such as `GET /bots`; nothing is expected of the answer. */
  call(request: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
  /** POST that must answer 201; gives the resource. */
  make(path: string, body: unknown): Promise<Shown>;
  /** GET that must answer 200. */
  read(path: string): Promise<Record<string, unknown>>;
  /** All items of a list, page by page. */
  list(path: string): Promise<Record<string, unknown>[]>;
  /** A bot document or export becomes a published bot; gives its id. */
  publish(document: unknown): Promise<string>;
  /** As `publish`, by way of the import. */
  importAndPublish(exported: unknown): Promise<{ id: string; report: unknown }>;
}

export async function openAccount(server: Pick<ServerProcess, 'url' | 'adminKey'>, name: string): Promise<Outsider> {
  const admin = await fetch(`${server.url}/v1/accounts`, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.adminKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name }),
  });
  const account = await shown(admin, 201);
  return outsiderOf(server.url, account.id, String(account['api_key']));
}

/** The account again, after its server was started anew. */
export function outsiderOf(url: string, accountId: string, apiKey: string): Outsider {
  const base = `${url}/v1/accounts/${accountId}`;

  function call(request: string, body?: unknown, headers: Record<string, string> = {}) {
    const [method = '', path = ''] = request.split(' ');
    const json = body === undefined ? {} : { body: JSON.stringify(body) };
    const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
    return fetch(`${base}${path}`, {
      method,
      headers: { authorization: `Bearer ${apiKey}`, ...type, ...headers },
      ...json,
    });
  }

  const make = async (path: string, body: unknown) => shown(await call(`POST ${path}`, body), 201);
  const read = async (path: string) => shown(await call(`GET ${path}`), 200);

  async function publish(id: string): Promise<string> {
    await shown(await call(`POST /bots/${id}/publish`, {}), 201);
    return id;
  }

  return {
    accountId,
    apiKey,
    call,
    make,
    read,
    async list(path) {
      const items: Record<string, unknown>[] = [];
      for (let next: unknown = ''; typeof next === 'string'; ) {
        const page = await read(`${path}?limit=200${next === '' ? '' : `&after=${encodeURIComponent(next)}`}`);
        if (Array.isArray(page['items'])) items.push(...page['items']);
        next = page['next'];
      }
      return items;
    },
    publish: async (document) => publish((await make('/bots', document)).id),
    async importAndPublish(exported) {
      const { bot, report } = await make('/bots/import', exported);
      const id = String(Object(bot).id);
      return { id: await publish(id), report };
    },
  };
}

async function shown(answer: Response, status: number): Promise<Shown> {
  const text = await answer.text();
  if (answer.status !== status) throw new Error(`${new URL(answer.url).pathname}: ${answer.status} ${text}`);
  return text === '' ? { id: '' } : JSON.parse(text);
}
