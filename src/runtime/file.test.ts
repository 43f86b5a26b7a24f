import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { BotDocument, Integration, Interaction } from '../bot/document.ts';
import { dialog, integration, says, starter } from './order-bot.test-parts.ts';
import { leaseLength } from './parts.ts';
import { type Chat, type RuntimeStage, setRuntimeStage } from './stage.test-parts.ts';

let stage: RuntimeStage;
beforeAll(async () => {
  stage = await setRuntimeStage();
  await stage.runtime.start();
});
afterAll(() => stage.close());
afterEach(() => stage.brand.misbehave());

const secretText = 'canary-in-the-file-7781';
const pdf = { name: 'bill.pdf', bytes: Buffer.from(`%PDF-1.7 ${secretText}`) };
const failed = 'Failed to process the file. Please try again.';

function desk(more: Partial<Integration> = {}): BotDocument {
  const upload: Interaction = {
    id: 'u',
    name: 'u',
    type: 'file_upload',
    text: 'Send the bill.',
    accept: ['pdf'],
    integration: 'Take',
  };
  return {
    format: 'errand.bot/1',
    name: 'Desk',
    dialogs: [
      dialog('send', starter('s', 'send'), upload, says('t', 'Filed: {Take.item}.')),
      dialog('hello', starter('h', 'hi'), says('h-t', 'Hello.')),
    ],
    integrations: [
      integration('Take', {
        type: 'file',
        url: `${stage.brand.url}/files`,
        parameters: [{ key: 'about', value: '{$userMessage}' }],
        ...more,
      }),
    ],
  };
}

async function asked(more: Partial<Integration> = {}): Promise<Chat> {
  const chat = await stage.chat(await stage.publish(desk(more)));
  await chat.say('send');
  await chat.hears('Send the bill.');
  await chat.quiet();
  return chat;
}
const kept = (chat: Chat) =>
  stage.db.all<{ content: string }>('SELECT content FROM file WHERE conversation_id = ?', chat.conversation_id);
const send = (chat: Chat, file: { name: string; bytes: Uint8Array; caption?: string } = pdf) =>
  stage.runtime.acceptFile(chat.session, file);

describe('a file that the bot asks for', () => {
  test('has no sign-in link in its name and caption', async () => {
    const chat = await asked();
    const secret = `${'a'.repeat(25)}${'B'.repeat(22)}`;
    const link = `http://localhost:4300/sign-in/${secret}`;
    await send(chat, { ...pdf, name: `${link}.pdf`, caption: `my ${link}` });
    await chat.hears('Filed: Lantern.');
    await chat.quiet();
    const [sent] = (await chat.events()).filter(({ file }) => file !== undefined);
    expect(sent).toMatchObject({ text: 'my http://localhost:4300/sign-in/•••', file: { name: '•••.pdf' } });
    const of = (table: string) =>
      stage.db.all(`SELECT * FROM ${table} WHERE conversation_id = ?`, chat.conversation_id);
    const everything = [await of('event'), await of('inbox'), await chat.row(), await chat.trace()];
    expect(JSON.stringify([everything, stage.brand.requests().at(-1)])).not.toContain(secret);
  });

  test('goes to the brand as a form, and is gone once it was taken on', async () => {
    const before = stage.brand.requests().length;
    const chat = await asked();
    await send(chat, { ...pdf, name: '../../etc/bill.pdf', caption: 'my bill' });
    await chat.hears('Filed: Lantern.');
    await chat.quiet();
    expect(await chat.texts()).toEqual([
      'Send the bill.',
      'Processing the file...',
      'Successfully processed the file.',
      'Filed: Lantern.',
    ]);
    const [sent, ...others] = stage.brand.requests().slice(before);
    expect(others).toEqual([]);
    expect(sent?.headers['content-type']).toMatch(/^multipart\/form-data/);
    expect(sent?.body).toContain('name="file"; filename="bill.pdf"');
    expect(sent?.body).toContain(secretText);
    expect(sent?.body).toContain('my bill');
    expect(await kept(chat)).toEqual([]);
    const shown = (await chat.events()).find(({ file }) => file !== undefined);
    expect(shown).toMatchObject({
      from: 'consumer',
      text: 'my bill',
      file: { name: 'bill.pdf', type: 'application/pdf' },
    });
    const noted = JSON.stringify([await chat.trace(), await chat.events(), stage.logged]);
    expect(noted).not.toContain(secretText);
  });

  test('is sealed while it waits, for its conversation only', async () => {
    const chat = await asked();
    stage.brand.misbehave('held', { times: 1 });
    await send(chat);
    const [row] = await chat.until(async () => {
      const rows = await kept(chat);
      return rows.length > 0 ? rows : undefined;
    });
    expect(row?.content).not.toContain(Buffer.from(secretText).toString('base64').slice(0, 12));
    await chat.hears('Processing the file...');
    stage.brand.release();
    await chat.hears('Filed: Lantern.');
  });

  test('of another type, or one that says it is what it is not, is answered and not kept', async () => {
    const chat = await asked();
    for (const file of [
      { name: 'bill.exe', bytes: pdf.bytes },
      { name: 'bill.pdf', bytes: Buffer.from('MZ') },
      { name: '​.pdf\u202e', bytes: Buffer.from('x') },
    ]) {
      await send(chat, file);
      await chat.quiet();
    }
    await chat.hears('The file type is invalid. Upload one of these types: pdf.', 3);
    expect(await kept(chat)).toEqual([]);
    await send(chat);
    await chat.hears('Filed: Lantern.');
  });

  test('is refused where none is asked for, and after the end', async () => {
    const chat = await stage.chat(await stage.publish(desk()));
    await expect(send(chat)).rejects.toMatchObject({ code: 'conflict' });
    await chat.say('hi');
    await chat.hears('Hello.');
    await chat.quiet();
    await expect(send(chat)).rejects.toMatchObject({ code: 'conflict' });
    await stage.runtime.close(chat.session);
    await expect(send(chat)).rejects.toMatchObject({ code: 'conversation_closed' });
  });

  test('that the brand refuses is said, and another one may be sent', async () => {
    const chat = await asked();
    stage.brand.misbehave('status_404', { times: 1 });
    await send(chat);
    await chat.hears(failed);
    await chat.quiet();
    expect(await kept(chat)).toEqual([]);
    await send(chat);
    await chat.hears('Filed: Lantern.');
  });

  test('I4: a worker that died while it was sent does not send it again', async () => {
    const chat = await asked();
    const before = stage.brand.effects();
    stage.brand.misbehave('held', { times: 1 });
    await send(chat);
    await chat.until(async () => (stage.brand.effects() > before ? true : undefined));
    stage.pass(leaseLength + 1);
    const other = stage.node();
    await other.start();
    await chat.hears(failed);
    stage.brand.release();
    await chat.quiet();
    await other.drain();
    expect(stage.brand.effects()).toBe(before + 1);
    expect(await kept(chat)).toEqual([]);
  });

  test('waits for the consumer’s permission, and is sent with it', async () => {
    const chat = await asked({ credential: 'orders', scope: 'orders.read', risk: 'read' });
    await send(chat);
    await chat.offered();
    await chat.quiet();
    expect(await kept(chat)).toHaveLength(1);
    await chat.signIn();
    await chat.hears('Filed: Lantern.');
    await chat.quiet();
    expect(await kept(chat)).toEqual([]);
  });

  test('LD-04: one file answers one question, however many are sent at once: the others are refused, none is lost', async () => {
    const chat = await asked();
    stage.brand.misbehave('held', { times: 1 });
    const sent = await Promise.allSettled(Array.from({ length: 6 }, () => send(chat)));
    stage.brand.release();
    expect(sent.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const refused = sent.filter((one) => one.status === 'rejected').map(({ reason }) => reason.code);
    expect(refused).toEqual(Array.from({ length: 5 }, () => 'conflict'));
    await chat.quiet();
    expect(await kept(chat)).toEqual([]);
  });

  test('is gone when the conversation closes, and after a day', async () => {
    const waiting = async () => {
      const chat = await asked({ credential: 'orders', scope: 'orders.read', risk: 'read' });
      await send(chat);
      await chat.offered();
      await chat.quiet();
      return chat;
    };
    const [closed, left] = [await waiting(), await waiting()];
    await stage.runtime.close(closed.session);
    expect(await kept(closed)).toEqual([]);
    expect(await kept(left)).toHaveLength(1);
    stage.pass(24 * 60 * 60_000 + 1);
    const other = stage.node();
    await other.start();
    await left.until(async () => ((await kept(left)).length === 0 ? true : undefined));
    await other.drain();
  });
});
