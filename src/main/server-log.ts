import { pino } from 'pino';
import type { Log } from '../world/world.ts';

export type ServerLog = Log & { child(fields: object): ServerLog };

/** Structured log on standard output. What must not be in it is cut here once more, whoever logs it (TK-13). */
export function createServerLog(level: string): ReturnType<typeof pino> {
  return pino({
    level,
    base: null,
    redact: {
      paths: [
        'authorization',
        'cookie',
        '*.authorization',
        '*.cookie',
        '*.*.authorization',
        '*.*.cookie',
        'err.config',
        'err.request',
        'err.response',
        'err.options',
      ],
      censor: '•••',
    },
  });
}
