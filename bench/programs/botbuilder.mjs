// Microsoft's botbuilder, in process: a waterfall with a text prompt that says what it was told, as our text bot does.
// Plain JavaScript: the peer is installed for the bench alone (bench/peers.ts), so its types are not here.
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { answerQuestions } from '../process.ts';

const require = createRequire(new URL('../.peers/', import.meta.url));
const { BotAdapter, ConversationState, MemoryStorage, TurnContext } = require('botbuilder');
const { DialogSet, DialogTurnStatus, TextPrompt, WaterfallDialog } = require('botbuilder-dialogs');

const folder = mkdtempSync(join(tmpdir(), 'errand-peer-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

class Adapter extends BotAdapter {
  sent = 0;
  async sendActivities(_context, activities) {
    this.sent += activities.length;
    return activities.map(() => ({ id: '1' }));
  }
}

/** One row for each state, one durable commit for each write, as a storage of botbuilder is usually written. */
function sqliteStorage() {
  const db = new DatabaseSync(join(folder, 'peer.db'));
  db.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE state (key TEXT PRIMARY KEY, value TEXT NOT NULL)',
  );
  const get = db.prepare('SELECT value FROM state WHERE key = ?');
  const put = db.prepare('INSERT INTO state VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value');
  return {
    async read(keys) {
      const rows = keys.map((key) => [key, get.get(key)?.value]);
      return Object.fromEntries(rows.filter(([, value]) => value).map(([key, value]) => [key, JSON.parse(value)]));
    },
    async write(changes) {
      db.exec('BEGIN IMMEDIATE');
      for (const [key, value] of Object.entries(changes)) put.run(key, JSON.stringify({ ...value, eTag: '*' }));
      db.exec('COMMIT');
    },
    async delete() {},
  };
}

function createPeer(storage) {
  const state = new ConversationState(storage);
  const dialogs = new DialogSet(state.createProperty('dialog'));
  dialogs.add(new TextPrompt('text'));
  dialogs.add(
    new WaterfallDialog('main', [
      (step) => step.prompt('text', step.options.said ? `You said: ${step.options.said}` : 'Say something'),
      (step) => step.replaceDialog('main', { said: step.result }),
    ]),
  );
  const adapter = new Adapter();
  return async (conversation, text) => {
    const id = `c${conversation}`;
    const activity = {
      type: 'message',
      text,
      channelId: 'bench',
      serviceUrl: '',
      conversation: { id },
      from: { id: 'u' },
      recipient: { id: 'b' },
    };
    const context = new TurnContext(adapter, activity);
    await adapter.runMiddleware(context, async () => {
      const dialog = await dialogs.createContext(context);
      const result = await dialog.continueDialog();
      if (result.status === DialogTurnStatus.empty) await dialog.beginDialog('main');
      await state.saveChanges(context);
    });
  };
}

const peers = { memory: createPeer(new MemoryStorage()), sqlite: createPeer(sqliteStorage()) };
const conversations = 1_000;

answerQuestions(async ({ storage, inFlight, ms }) => {
  const turn = peers[storage];
  const started = performance.now();
  let turns = 0;
  async function loop(first) {
    for (let at = first; performance.now() - started < ms; at = (at + inFlight) % conversations) {
      await turn(at, 'hello there');
      turns += 1;
      // Lets the other loops in, as input from a socket does; a promise alone never would.
      if (turns % inFlight === 0) await new Promise((resolve) => setImmediate(resolve));
    }
  }
  await Promise.all(Array.from({ length: inFlight }, (_, i) => loop(i)));
  return { rate: (turns * 1_000) / (performance.now() - started), turns };
});
