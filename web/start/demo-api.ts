/** What the start page asks of the demo's server: the state of its parts, its switches, the trace. */
import { isRecord, listOf, textOf } from '../shape.ts';
import { parseEntry, type TraceEntry } from '../trace/entry.ts';

export interface DemoBot {
  id: string;
  name: string;
  mode: 'managed' | 'recipe';
}

export interface DemoUser {
  login: string;
  password: string;
  /** What only this customer's order answer contains. */
  expects: string;
}

export interface DemoState {
  bots: DemoBot[];
  users: DemoUser[];
  provider: 'up' | 'down';
  brand: 'up' | 'down';
  brand_url: string;
}

export type Action = 'expire_token' | 'provider_down' | 'provider_up' | 'brand_down' | 'brand_up' | 'revoke' | 'reset';

export interface DemoApi {
  /** Undefined, here and below: the demo did not answer. */
  state(): Promise<DemoState | undefined>;
  act(action: Action, conversationId: string | undefined): Promise<DemoState | undefined>;
  trace(conversationId: string, after: number): Promise<TraceEntry[] | undefined>;
}

export type Fetch = (path: string, init?: RequestInit) => Promise<Response>;

export function createDemoApi(request: Fetch): DemoApi {
  const ask = async <T>(
    path: string,
    init: RequestInit,
    parse: (value: unknown) => T | undefined,
  ): Promise<T | undefined> => {
    try {
      const response = await request(path, { cache: 'no-store', ...init });
      return response.ok ? parse(await response.json()) : undefined;
    } catch {
      return undefined;
    }
  };
  return {
    state: () => ask('/demo/state', {}, parseState),
    act(action, conversationId) {
      const body = JSON.stringify({ action, ...(conversationId ? { conversation_id: conversationId } : {}) });
      return ask(
        '/demo/control',
        { method: 'POST', headers: { 'content-type': 'application/json' }, body },
        parseState,
      );
    },
    trace: (conversationId, after) =>
      ask(`/demo/trace?conversation=${encodeURIComponent(conversationId)}&after=${after}`, {}, (value) =>
        isRecord(value) ? listOf(value['items'], parseEntry) : undefined,
      ),
  };
}

function parseState(value: unknown): DemoState | undefined {
  if (!isRecord(value)) return undefined;
  return {
    bots: listOf(value['bots'], parseBot),
    users: listOf(value['users'], parseUser),
    provider: value['provider'] === 'down' ? 'down' : 'up',
    brand: value['brand'] === 'down' ? 'down' : 'up',
    brand_url: textOf(value['brand_url']) ?? '',
  };
}

function parseBot(value: unknown): DemoBot | undefined {
  if (!isRecord(value)) return undefined;
  const id = textOf(value['id']);
  return id
    ? { id, name: textOf(value['name']) ?? id, mode: value['mode'] === 'recipe' ? 'recipe' : 'managed' }
    : undefined;
}

function parseUser(value: unknown): DemoUser | undefined {
  if (!isRecord(value)) return undefined;
  const login = textOf(value['login']);
  return login
    ? { login, password: textOf(value['password']) ?? '', expects: textOf(value['expects']) ?? '' }
    : undefined;
}
