import type { BotName } from '../errand/bots.ts';
import { type Program, startProgram } from '../process.ts';
import type { Opened, ServerQuestion } from '../programs/server.ts';

/** Errand in a process of its own, asked with its own questions. */
export interface Server extends Program {
  ask<T>(question: ServerQuestion): Promise<T>;
}

export interface Where {
  url: string;
  hookPort: number;
}

export async function startErrand(brand?: string): Promise<{ server: Server; where: Where }> {
  const env = { ...(brand === undefined ? {} : { BENCH_BRAND: brand }), NODE_OPTIONS: '--expose-gc' };
  const server: Server = await startProgram('server.ts', { env });
  return { server, where: await server.ask<Where>({ do: 'where' }) };
}

export async function openConversations(server: Server, bot: BotName, count: number): Promise<Opened[]> {
  return await server.ask<Opened[]>({ do: 'open', bot, count });
}
