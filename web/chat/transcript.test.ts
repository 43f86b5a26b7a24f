import fc from 'fast-check';
import { expect, test } from 'vitest';
import { accept, type Outbox, put } from './outbox.ts';
import { receive, type Transcript, view } from './transcript.ts';
import { type ChatEvent, parseEvent } from './wire.ts';

const wire = [
  { seq: 1, type: 'message', from: 'consumer', text: 'where is my order?' },
  { seq: 2, type: 'sign_in', attempt_id: 'a1', status: 'offered', url: 'https://chat.example/sign-in/x' },
  {
    seq: 3,
    type: 'message',
    from: 'bot',
    text: 'Please sign in.',
    buttons: [{ label: 'Login', type: 'link', url: 'https://chat.example/sign-in/x', attempt_id: 'a1' }],
  },
  { seq: 4, type: 'sign_in', attempt_id: 'a1', status: 'code_rejected', attempts_left: 4 },
  { seq: 5, type: 'sign_in', attempt_id: 'a1', status: 'bound' },
  { seq: 6, type: 'sign_in', attempt_id: 'a1', status: 'completed', outcome: 'granted' },
  { seq: 7, type: 'message', from: 'bot', text: 'It is on its way.', quick_replies: [{ title: 'Thanks' }] },
  { seq: 8, type: 'news_of_tomorrow' },
  { seq: 9, type: 'closed' },
];

function events(until = wire.length): ChatEvent[] {
  return wire.slice(0, until).flatMap((value) => {
    const event = parseEvent({ at: '2026-01-01T10:00:00Z', ...value });
    return event && event.type !== 'typing' ? [event] : [];
  });
}

const heard = (list: ChatEvent[]): Transcript => list.reduce(receive, [] as Transcript);
const attemptAt = (until: number) =>
  view(heard(events(until)), []).items.flatMap((item) => ('attempt' in item && item.attempt ? [item.attempt] : []));

test('any order and any duplication of deliveries gives the same transcript (I8)', () => {
  const inOrder = heard(events());
  fc.assert(
    fc.property(
      fc.shuffledSubarray(events(), { minLength: wire.length }),
      fc.array(fc.nat(wire.length - 1)),
      (order, repeats) => {
        const deliveries = repeats.reduce((list, at) => list.toSpliced(at, 0, ...order.slice(at, at + 1)), order);
        expect(heard(deliveries)).toEqual(inOrder);
        expect(view(heard(deliveries), [])).toEqual(view(inOrder, []));
      },
    ),
  );
});

test('a sign-in event and its button are shown once, whichever comes first', () => {
  expect(view(heard(events(2)), []).items.map(({ kind }) => kind)).toEqual(['message', 'sign_in']);
  const items = view(heard(events(3)), []).items;
  expect(items.map(({ kind }) => kind)).toEqual(['message', 'message']);
  expect(items[1]).toMatchObject({ attempt: { id: 'a1', label: 'Login', status: 'offered' }, buttons: [] });
});

test('asked again, the open attempt moves to the newest message', () => {
  const again = parseEvent({
    seq: 5,
    at: '',
    type: 'message',
    from: 'bot',
    text: 'Still open.',
    buttons: [{ label: 'Login', type: 'link', attempt_id: 'a1' }],
  });
  const list = again && again.type !== 'typing' ? [...events(4), again] : [];
  const items = view(heard(list), []).items;
  expect(items.map((item) => ('attempt' in item ? item.attempt?.id : undefined))).toEqual([undefined, undefined, 'a1']);
});

test('the attempt tells its story: offered, wrong code, bound, granted', () => {
  expect(attemptAt(3)).toMatchObject([{ status: 'offered', url: 'https://chat.example/sign-in/x' }]);
  expect(attemptAt(4)).toMatchObject([{ status: 'offered', attemptsLeft: 4 }]);
  expect(attemptAt(5)).toMatchObject([{ status: 'bound', attemptsLeft: undefined }]);
  expect(attemptAt(6)).toMatchObject([{ status: 'granted' }]);
});

test('an attempt that has ended is never open again', () => {
  const late = parseEvent({ seq: 10, at: '', type: 'sign_in', attempt_id: 'a1', status: 'offered' });
  const list = late && late.type !== 'typing' ? [...events(), late] : [];
  expect(view(heard(list), []).openAttempt).toBeUndefined();
});

test('quick replies vanish once the consumer has said something', () => {
  const transcript = heard(events(7));
  expect(view(transcript, []).quickReplies).toMatchObject([
    { title: 'Thanks', click: { actions: [{ type: 'say', text: 'Thanks' }] } },
  ]);
  const outbox: Outbox = put([], { id: 'm', body: { text: 'ok' }, made: 1, after: 7, state: 'waiting' });
  expect(view(transcript, outbox).quickReplies).toEqual([]);
});

test.each([
  ['https://a.example/tea.png', 'https://a.example/tea.png'],
  ['http://a.example/tea.png', undefined],
  ['javascript:alert(1)', undefined],
  ['data:image/svg+xml,x', undefined],
  [7, undefined],
])('LP-103 the picture %j of a quick reply is shown over https only', (image, shown) => {
  const [reply] = from({
    type: 'message',
    from: 'bot',
    text: '?',
    quick_replies: [{ title: 'Tea', image }],
  }).quickReplies;
  expect([reply?.title, reply?.image]).toEqual(['Tea', shown]);
});

test('LP-143 a quick reply of structured content does all its actions, with its metadata; a plain one says its payload', () => {
  const click = {
    actions: [
      { type: 'publishText', text: 'a' },
      { type: 'link', uri: 'https://shop.example/' },
      { type: 'publishText', text: 'b' },
    ],
    metadata: [{ type: 'ExternalId', id: 'row-7' }],
  };
  const quick_replies = [
    { title: 'Tea', payload: 'a', click, style: { color: '#7a1f5c' }, tooltip: 'Hot' },
    { title: 'Milk', payload: 'milk' },
    { title: 'None', payload: '', click: { metadata: click.metadata } },
  ];
  const [tea, milk, none] = from({ type: 'message', from: 'bot', text: '?', quick_replies }).quickReplies;
  expect(tea?.click).toMatchObject({
    actions: [{ text: 'a' }, { type: 'open' }, { text: 'b' }],
    metadata: click.metadata,
  });
  expect(tea).toMatchObject({ look: { style: { color: '#7a1f5c' } }, tooltip: 'Hot' });
  expect(milk?.click).toEqual({ actions: [{ type: 'say', text: 'milk' }], metadata: [] });
  expect(none?.click).toEqual({ actions: [{ type: 'say', text: 'None' }], metadata: click.metadata });
});

test('a message shows once, whether its answer or its event comes first', () => {
  const message = { id: 'm', body: { text: 'where is my order?' }, made: 1, after: 0, state: 'waiting' } as const;
  const waiting = put([], message);
  const shown = (transcript: Transcript, outbox: Outbox) => view(transcript, outbox).items.map(({ kind }) => kind);
  expect(shown([], waiting)).toEqual(['pending']);
  expect(shown(heard(events(1)), waiting)).toEqual(['message']);
  expect(shown([], accept(waiting, 'm', 1))).toEqual(['pending']);
  expect(shown(heard(events(1)), accept(waiting, 'm', 1))).toEqual(['message']);
});

test('a message keeps its key from when it is written, and no two items share one', () => {
  const outbox = put([], { id: 'm', body: { text: 'hello' }, made: 1, after: 0, state: 'waiting' });
  const keys = (transcript: Transcript) => view(transcript, outbox).items.map(({ key }) => key);
  const [written] = keys([]);
  const [hello] = from({ type: 'message', from: 'consumer', text: 'hello', message_id: 'm' }).items;
  expect(hello?.key).toBe(written);
  const all = keys(heard(events()));
  expect(new Set(all).size).toBe(all.length);
});

const from = (...values: object[]) =>
  view(
    heard(
      values.flatMap((value, at) => {
        const event = parseEvent({ seq: at + 1, at: '', ...value });
        return event && event.type !== 'typing' ? [event] : [];
      }),
    ),
    [],
  );

test('people who take over are told apart from the bot, and so is the bot that comes back', () => {
  const { items } = from(
    { type: 'transfer', status: 'failed', skill: 'orders' },
    { type: 'transfer', status: 'requested', skill: 'orders' },
    { type: 'transfer', status: 'accepted', skill: 'orders' },
    { type: 'message', from: 'agent', text: 'Hello, this is Ann.' },
    { type: 'transfer', status: 'ended' },
  );
  expect(items).toMatchObject([
    { kind: 'handed_over', to: 'people' },
    { kind: 'message', from: 'agent' },
    { kind: 'handed_over', to: 'bot' },
  ]);
});

test('a sign-in button inside structured content is shown as the card of its sign-in, once', () => {
  const url = 'https://chat.example/sign-in/x';
  const button = { type: 'button', title: 'Login', click: { actions: [{ type: 'link', uri: url }] } };
  const { items } = from(
    { type: 'sign_in', attempt_id: 'a1', status: 'offered', url },
    {
      type: 'message',
      from: 'bot',
      content: { type: 'vertical', elements: [{ type: 'text', text: 'Please' }, button] },
    },
  );
  expect(items).toMatchObject([{ kind: 'message', attempt: { id: 'a1', url } }]);
});

test('content that cannot be drawn is read out', () => {
  const { items } = from({ type: 'message', from: 'bot', content: { type: 'list', elements: 'x', title: 'Menu' } });
  expect(items).toMatchObject([{ kind: 'message', content: { type: 'list' } }]);
  const odd = { type: 'hologram', replies: [], caption: 7, subtitle: 'Soup' };
  expect(from({ type: 'message', from: 'bot', content: odd }).items).toMatchObject([
    { text: 'Soup', content: undefined },
  ]);
});

test('quick replies by themselves leave no empty message; a file is waited for until something is said', () => {
  const replies = { type: 'message', from: 'bot', quick_replies: [{ title: 'Tea' }], quick_replies_per_row: 2 };
  expect(from(replies)).toMatchObject({ items: [], quickReplies: [{ title: 'Tea' }], perRow: 2 });
  const asked = { type: 'message', from: 'bot', text: 'Your receipt?', upload: { accept: ['pdf'] } };
  expect(from(asked)).toMatchObject({ accepts: ['pdf'], current: 1 });
  expect(from(asked, { type: 'message', from: 'consumer', text: 'no' })).toMatchObject({
    accepts: undefined,
    current: undefined,
  });
});
