/**
 * The floor: the least program that does the durable part of a turn. node:http, parse, load 2 KB of state, insert two
 * events, update the state, commit to SQLite FULL with the other requests of the same tick, answer.
 */
import { createServer, type IncomingMessage } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { answerQuestions } from '../process.ts';

const conversations = 1_000;
const folder = mkdtempSync(join(tmpdir(), 'errand-floor-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

const db = new DatabaseSync(join(folder, 'floor.db'));
db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
  CREATE TABLE conversation (id INTEGER PRIMARY KEY, seq INTEGER NOT NULL, state TEXT NOT NULL);
  CREATE TABLE event (conversation INTEGER NOT NULL, seq INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (conversation, seq));`);
const fill = db.prepare('INSERT INTO conversation VALUES (?, 0, ?)');
const state = JSON.stringify({ turns: 0, variables: { filler: 'x'.repeat(2_000) } });
db.exec('BEGIN');
for (let id = 0; id < conversations; id += 1) fill.run(id, state);
db.exec('COMMIT');

const begin = db.prepare('BEGIN IMMEDIATE');
const commit = db.prepare('COMMIT');
const load = db.prepare('SELECT seq, state FROM conversation WHERE id = ?');
const insert = db.prepare('INSERT INTO event VALUES (?, ?, ?)');
const update = db.prepare('UPDATE conversation SET seq = ?, state = ? WHERE id = ?');

interface Work {
  id: number;
  text: string;
  done(): void;
}

const queue: Work[] = [];

function enqueue(work: Work): void {
  queue.push(work);
  if (queue.length === 1) setImmediate(runGroup);
}

function runGroup(): void {
  const group = queue.splice(0);
  begin.run();
  for (const work of group) turn(work);
  commit.run();
  for (const work of group) work.done();
}

function turn({ id, text }: Work): void {
  const row = load.get(id);
  const seq = Number(row?.seq);
  const before = JSON.parse(String(row?.state));
  insert.run(id, seq + 1, JSON.stringify({ from: 'consumer', text }));
  insert.run(id, seq + 2, JSON.stringify({ from: 'bot', text: `You said: ${text}` }));
  update.run(seq + 2, JSON.stringify({ ...before, turns: before.turns + 1 }), id);
}

const server = createServer((request, response) => {
  read(request, (body) => {
    const { text } = JSON.parse(body);
    const id = Number(request.url?.slice(1)) % conversations;
    enqueue({ id, text, done: () => response.setHeader('content-type', 'application/json').end('{"ok":true}') });
  });
});

function read(request: IncomingMessage, done: (body: string) => void): void {
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (chunk) => (body += chunk));
  request.on('end', () => done(body));
}

server.listen(0, '127.0.0.1', () => {
  answerQuestions(async (question: { do: 'where' | 'cpu' }) => {
    return question.do === 'cpu' ? process.cpuUsage() : server.address();
  });
});
