/**
 * The program inside the jail: proves that the jail holds, then runs one request after another. It may read the few
 * files named on its own command line's `--allow-fs-read` and nothing else.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { lines } from './lines.ts';
import type { JailReply, JailReport, JailRequest } from './protocol.ts';
import { createRealm, type Engine, Halted, type Realm } from './realm.ts';
import { runBot } from './run-bot.ts';
import { tryDoors } from './self-test.ts';

const [, , folder = ''] = process.argv;
const engine: Engine = await import(pathToFileURL(join(folder, 'dist/index.js')).href);
const module = await WebAssembly.compile(readFileSync(join(folder, 'quickjs.wasm')));
/** In the order in which they are read. */
const preludes = {
  bot: ['bot-answers.js', 'bot-context-service.js', 'bot-prelude.js'].map(textBeside),
  regex: ['regex-prelude.js'].map(textBeside),
};
const realmFor = (api: 'bot' | 'regex') => createRealm({ engine, module, preludes: preludes[api] });

const report: JailReport = { doors: await tryDoors() };
const ready = { bot: await realmFor('bot'), regex: await realmFor('regex') };
write(report);

process.stdin.setEncoding('utf8');
for await (const line of lines(process.stdin, Number.POSITIVE_INFINITY)) {
  const request = readRequest(line);
  const realm = ready[request.api];
  write(replyTo(realm, request));
  if (!realm.reset()) ready[request.api] = await realmFor(request.api);
}

// The pipe closes when the server is gone, however it went: then there is nobody left to run for.
process.exit(0);

function replyTo(realm: Realm, request: JailRequest): JailReply {
  try {
    return { ok: true, output: request.api === 'bot' ? runBot(realm, request) : match(realm, request) };
  } catch (fault) {
    if (fault instanceof Halted) return { ok: false, kind: fault.kind, message: fault.message };
    throw fault;
  }
}

function match(realm: Realm, request: JailRequest): string {
  realm.begin(request.limit_ms, request.now);
  return realm.call('match', JSON.stringify(request.input));
}

function write(line: JailReport | JailReply): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** The server is trusted here: it wrote the line. */
function readRequest(line: string): JailRequest {
  return JSON.parse(line);
}

function textBeside(name: string): string {
  return readFileSync(new URL(name, import.meta.url), 'utf8');
}
