import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { check, problemsOf } from './check.ts';
import { importExport } from './import.ts';
import { WrongUse } from './verb.ts';

test("an export's problems stand at the export's places, and what cannot run is one of them", () => {
  const message = (id: string, more: object) => ({ id, name: id, group: 'g', ...more });
  const call = { responderId: 'r', responderName: 'Orders' };
  const problems = problemsOf({
    groups: [{ id: 'other' }, { id: 'g', name: 'Dialog' }],
    responder: [
      { id: 'x', integrationType: 'KNOWLEDGE_BASE', name: 'Kb' },
      { id: 'r', name: 'Orders', integrationType: 'API', method: 'GET', webhook: 'ftp://brand.example' },
    ],
    conversationMessage: [
      message('b', { interactionType: 'CAROUSEL', content: {} }),
      message('a', { interactionType: 'DIALOG_STARTER', pattern: ['(hi'], nextMessageId: 'c' }),
      message('c', { interactionType: 'API_INTEGRATION', content: call, nextMessageId: 'b' }),
    ],
  });
  expect(problems.map(({ severity, path }) => `${severity} ${path}`)).toEqual(
    expect.arrayContaining([
      'error /responder/1/webhook',
      'error /conversationMessage/1/pattern',
      'warning /conversationMessage/0',
      'warning /groups/0',
    ]),
  );
  expect(problems.find(({ path }) => path === '/conversationMessage/0')?.message).toContain(
    'does nothing when reached',
  );
});

test('an export whose script does not parse is not imported: its place is told, and nothing is written', async () => {
  const out = join(folder, 'unparsed.json');
  const file = await fileOf(
    '{"conversationMessage":[{"id":"a","interactionType":"TEXT","preProcessMessage":"var (("}]}',
  );
  const said: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => said.push(String(text)) > 0);
  expect(await importExport.run([file, '--out', out])).toBe(1);
  expect(said.join('')).toMatch(/^error \/conversationMessage\/0\/preProcessMessage /);
  await expect(readFile(out)).rejects.toThrow(/ENOENT/);
});

test('what is neither a document nor an export is told so in one line', () => {
  const only = (json: unknown) => problemsOf(json).map(({ path, message }) => `${path} ${message}`);
  for (const json of [{}, { orders: [] }]) expect(only(json)).toEqual([expect.stringMatching(/^ This is neither/)]);
  for (const json of [{ conversationMessage: {} }, { groups: [], hash: 'x' }])
    expect(only(json)).toEqual(['/conversationMessage It must be a list: the interactions of a LivePerson export.']);
  expect(only({ name: 'Bot', dialogs: [] }).join()).toMatch(/format/);
});

test('what an export loses on its way is told at its place, although the document does not show it', () => {
  const rule = (id: string) => ({ name: '', conditions: [], action: { name: 'INTERACTION', value: id } });
  const problems = problemsOf({
    conversationMessage: [
      { id: 'a', interactionType: 'DIALOG_STARTER', pattern: ['hi'], nextMessageId: 'nowhere' },
      { id: 'b', interactionType: 'TEXT', responseMatches: [rule('gone')] },
      { id: 'c', interactionType: 'TEXT_QUESTION', responseMatches: [{ conditions: [{ matchType: 'MOOD' }] }] },
    ],
    responder: [{ name: 'R', webhook: 'https://a.example', headers: [{ key: 'X-Api-Key', value: 'hunter2' }] }],
  });
  expect(problems).toEqual(
    expect.arrayContaining([
      { severity: 'warning', path: '/responder/0/headers/0', message: expect.stringMatching(/real token.*credential/) },
      {
        severity: 'warning',
        path: '/conversationMessage/0/nextMessageId',
        message: expect.stringMatching(/"nowhere"/),
      },
      {
        severity: 'warning',
        path: '/conversationMessage/1/responseMatches/0/action',
        message: expect.stringMatching(/"gone", which the export does not have/),
      },
      {
        severity: 'warning',
        path: '/conversationMessage/2/responseMatches/0',
        message: expect.stringMatching(/unknown kind/),
      },
    ]),
  );
});

test('an integration that is named by its id is told its name', () => {
  const interactions = [{ id: 'c', name: 'c', type: 'integration', integration: 'orders' }];
  const orders = { id: 'orders', name: 'Orders', type: 'api', method: 'GET', url: 'https://a', response_variable: 'o' };
  const [problem] = problemsOf({
    format: 'errand.bot/1',
    name: 'Bot',
    dialogs: [{ id: 'd', name: 'd', type: 'standard', interactions }],
    integrations: [orders],
  });
  expect(problem).toMatchObject({
    path: '/dialogs/0/interactions/0/integration',
    message:
      'There is no integration called "orders". Interactions name integrations by their name; did you mean "Orders"?',
  });
});

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'errand-check-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function fileOf(text: string): Promise<string> {
  const file = join(folder, `${Math.abs(text.length)}-${text.charCodeAt(1)}.json`);
  await writeFile(file, text);
  return file;
}

test.each([
  ['no JSON', '{"conversationMessage":'],
  ['no export', '{"name":"Bot"}'],
  ['a list', '[]'],
  ['lists in lists', `{"conversationMessage":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
  ['too many values', JSON.stringify({ conversationMessage: Array.from({ length: 300_000 }, () => 0) })],
])('%s is told by the command that imports, and nothing is written', async (_, text) => {
  const out = join(folder, 'never.json');
  await expect(importExport.run([await fileOf(text), '--out', out])).rejects.toThrow(/JSON|export|large/);
});

test('lists in lists and a member called __proto__ are problems of a document, not the end of the command', async () => {
  const deep = await fileOf(`{"format":"errand.bot/1","name":${'['.repeat(100_000)}${']'.repeat(100_000)}}`);
  expect(await check.run([deep, '--json'])).toBe(1);
  const odd = await fileOf('{"format":"errand.bot/1","name":"B","dialogs":[],"integrations":[],"__proto__":{}}');
  expect(await check.run([odd])).toBe(1);
});

test('a script of an export that does not parse stands at its place in the export', () => {
  const problems = problemsOf({
    conversationMessage: [{ id: 'a', interactionType: 'TEXT', postProcessMessage: 'var a = ;' }],
    responder: [{ name: 'R', webhook: 'https://a.example', transformResultsScript: '}' }],
  });
  expect(
    problems
      .filter(({ severity }) => severity === 'error')
      .map(({ path }) => path)
      .sort(),
  ).toEqual(['/conversationMessage/0/postProcessMessage', '/responder/0/transformResultsScript']);
});

const document = { format: 'errand.bot/1', name: 'Bot', dialogs: [], integrations: [] };
/** What the API answers of a version. */
const answer = (more: object = {}) => ({ id: 'ver_1', bot_id: 'bot_1', number: 3, document: { ...document, ...more } });

afterEach(() => vi.restoreAllMocks());

/** What a check with --json tells, by file. */
async function checked(...args: string[]): Promise<{ code: number; results: { file: string; problems: object[] }[] }> {
  const out: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => out.push(String(text)) > 0);
  const code = await check.run([...args, '--json']);
  return { code, results: JSON.parse(out.join('')) };
}

test('a version as the API answers it is checked and taken as the document in it', async () => {
  expect(problemsOf(answer())).toEqual(problemsOf(document).map((one) => ({ ...one, path: `/document${one.path}` })));
  expect(problemsOf(answer({ name: '' })).map(({ path }) => path)).toContain('/document/name');
  const out = join(folder, 'taken.json');
  const file = join(folder, 'answer.json');
  await writeFile(file, JSON.stringify(answer()));
  expect(await importExport.run([file, '--out', out])).toBe(0);
  expect(JSON.parse(await readFile(out, 'utf8'))).toEqual(document);
});

test('a file that is broken or not there does not keep the others from being checked', async () => {
  const [broken, good] = [join(folder, 'broken.json'), join(folder, 'good.json')];
  await writeFile(broken, '{"format":');
  await writeFile(good, JSON.stringify(document));
  const { code, results } = await checked(broken, join(folder, 'none.json'), good);
  expect(code).toBe(1);
  expect(results).toMatchObject([
    { file: broken, problems: [{ severity: 'error', path: '', message: expect.stringContaining('is not JSON') }] },
    { problems: [{ severity: 'error', path: '', message: expect.stringContaining('there is no file') }] },
    { file: good, problems: expect.not.arrayContaining([expect.objectContaining({ severity: 'error' })]) },
  ]);
});

test('a folder stands for its bots; one without any is wrong use', async () => {
  const [full, empty] = [join(folder, 'full'), join(folder, 'empty')];
  await mkdir(full);
  await mkdir(empty);
  await writeFile(join(full, 'bot.json'), JSON.stringify(document));
  await writeFile(join(full, 'script.json'), '{"turns":[]}');
  await writeFile(join(full, 'broken.json'), '{');
  const { results } = await checked(full);
  expect(results.map(({ file }) => file)).toEqual([join(full, 'broken.json'), join(full, 'bot.json')].sort());
  await expect(check.run([empty])).rejects.toThrow('there is no bot document or LivePerson export in');
  await expect(importExport.run([full])).rejects.toThrow('is a folder');
});

test('a document that cannot be written where --out says is wrong use', async () => {
  const file = join(folder, 'export.json');
  await writeFile(file, '{"conversationMessage":[]}');
  const refused = importExport.run([file, '--out', join(folder, 'nowhere', 'x.json')]);
  await expect(refused).rejects.toThrow(WrongUse);
  await expect(refused).rejects.toThrow('--out');
});
