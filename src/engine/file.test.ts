import { describe, expect, test } from 'vitest';
import type { Integration, Interaction } from '../bot/document.ts';
import { type Answers, botOf, converse, dialogOf, starter, text } from './replay.test-support.ts';
import type { Emitted, Input } from './step.ts';

const take: Integration = {
  id: 'take',
  name: 'Take',
  type: 'file',
  method: 'POST',
  url: 'https://api.example/files',
  response_variable: 'Take',
  fields: [{ key: 'number', value: '{$.api_Take.number}' }],
};
type Upload = Extract<Interaction, { type: 'file_upload' }>;
const upload = (more: Partial<Upload> = {}): Interaction => ({
  id: 'u',
  name: 'u',
  type: 'file_upload',
  text: 'Send the bill.',
  accept: ['pdf', 'png'],
  integration: 'Take',
  ...more,
});
const file = { id: 'f1', name: 'bill.pdf', type: 'application/pdf', size: 3, caption: null };
const received = (more: Partial<Extract<Input, { type: 'file_received' }>> = {}): Input => ({
  type: 'file_received',
  file,
  at: 2_000,
  ...more,
});
const well = { outcome: 'success', status: 200, body: '{"number":"7"}' } as const;
const badly = { outcome: 'failure', status: 500, body: null } as const;

function asked(interaction: Interaction, answers: Answers = {}) {
  const chat = converse(
    botOf(
      [
        dialogOf('d', starter('s', 'send'), interaction, text('t', 'Filed as {Take.number}.')),
        dialogOf('e', starter('e-s', 'hi'), text('e-t', 'Hello.')),
      ],
      { integrations: [take] },
    ),
    { call: () => well, ...answers },
  );
  chat.say('send');
  return chat;
}

describe('a file upload', () => {
  test('LP-101 says what it does, hands the file on and goes on with the answer', () => {
    const { texts, needs, state } = asked(upload()).feed(received());
    expect(texts).toEqual(['Processing the file...', 'Successfully processed the file.', 'Filed as 7.']);
    expect(needs).toMatchObject([{ type: 'call', integration: 'Take', interaction_id: 'u', file_id: 'f1' }]);
    expect(state.heard.text).toBe('file_upload_success:Successfully processed the file.');
    expect(state.file).toEqual(file);
  });

  test('a failure is said, and the bot waits for another file', () => {
    const answers = [badly, well];
    const chat = asked(upload(), { call: () => answers.shift() ?? well });
    const failed = chat.feed(received());
    expect(failed.texts.slice(1)).toEqual(['Failed to process the file. Please try again.']);
    expect(failed.state.waiting?.interaction).toBe('u');
    expect(failed.state.fallbacks).toBe(1);
    expect(chat.feed(received()).texts.at(-1)).toBe('Filed as 7.');
  });

  test('whatever leaves it open says which files it takes, and nothing else does', () => {
    const open = ({ emitted }: { emitted: Emitted[] }) =>
      emitted.flatMap((one) => (one.type === 'message' ? [one.message.upload?.accept] : []));
    expect(open(asked(upload()).feed(received({ refused: true })))).toEqual([['pdf', 'png']]);
    expect(open(asked(upload(), { call: () => badly }).feed(received()))).toEqual([undefined, ['pdf', 'png']]);
    expect(open(asked(upload()).feed(received()))).toEqual([undefined, undefined, undefined]);
  });

  test('texts of the author’s own, and none', () => {
    const own = { progress: 'BLANK_MESSAGE', success: 'Thanks!', failure: 'Oh.', invalid: 'Only {$env.host}.' };
    expect(asked(upload(own)).feed(received()).texts).toEqual(['Thanks!', 'Filed as 7.']);
    expect(asked(upload(own), { call: () => badly }).feed(received()).texts).toEqual(['Oh.']);
    expect(asked(upload(own)).feed(received({ refused: true })).texts).toEqual(['Only https://api.example.']);
  });

  test('a file of another type is refused, and the bot still waits', () => {
    const { texts, needs, state } = asked(upload()).feed(received({ refused: true }));
    expect(texts).toEqual(['The file type is invalid. Upload one of these types: pdf, png.']);
    expect(needs).toEqual([]);
    expect(state.waiting?.interaction).toBe('u');
    expect(state.file ?? null).toBeNull();
  });

  test('rules see the result and the platform’s words; starters see the words', () => {
    const to = (id: string) => ({ go: 'interaction' as const, id });
    const byResult = upload({ rules: [{ when: { match: 'api_result', status: 'failure' }, then: to('e-t') }] });
    expect(
      asked(byResult, { call: () => badly })
        .feed(received())
        .texts.at(-1),
    ).toBe('Hello.');
    const byPattern = upload({
      rules: [{ when: { match: 'pattern', patterns: ['file_upload_success:*'] }, then: to('e-t') }],
    });
    expect(asked(byPattern).feed(received()).texts.at(-1)).toBe('Hello.');
    const byRegex = upload({ rules: [{ when: { match: 'regex', regex: '^file_upload_failed:' }, then: to('e-t') }] });
    expect(
      asked(byRegex, { call: () => badly })
        .feed(received())
        .texts.at(-1),
    ).toBe('Hello.');
    const chat = converse(
      botOf(
        [
          dialogOf('d', starter('s', 'send'), upload()),
          dialogOf('f', starter('f-s', 'file_upload_failed:*'), text('f-t', 'Call us: {$userMessage}')),
          dialogOf('any', starter('any-s', '*'), text('any-t', 'Any.')),
        ],
        { integrations: [take] },
      ),
      { call: () => badly },
    );
    chat.say('send');
    const { texts } = chat.feed(received());
    expect(texts).toContain('Call us: file_upload_failed:Failed to process the file. Please try again.');
    expect(texts).not.toContain('Any.');
  });

  test('nobody to take it on is a failure and a note for the author', () => {
    const { integration: _, ...alone } = { ...(upload() as Upload) };
    const { texts, traces, needs } = asked(alone).feed(received());
    expect(texts.at(-1)).toBe('Failed to process the file. Please try again.');
    expect(needs).toEqual([]);
    expect(JSON.stringify(traces)).toContain('no integration takes the file on');
  });

  test('what is typed meanwhile is no file; a file that nobody asked for is none either', () => {
    const chat = asked(upload());
    expect(chat.say('what?').texts).toEqual([expect.stringContaining('Not able to understand')]);
    expect(chat.say('hi').texts).toEqual(['Hello.', 'Send the bill.']);
    const idle = converse(botOf([]));
    const { texts, needs } = idle.feed(received());
    expect([texts, needs]).toEqual([[], []]);
  });

  test('a call that waits for permission goes on with the file when it comes', () => {
    const chat = asked(upload(), { call: () => ({ parked: 'c1' }) });
    expect(chat.feed(received()).state.parked).toHaveProperty('c1');
    const { texts } = chat.feed({ type: 'parked_call_ended', call_id: 'c1', result: well });
    expect(texts).toEqual(['Successfully processed the file.', 'Filed as 7.']);
  });
});
