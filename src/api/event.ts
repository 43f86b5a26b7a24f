import Type, { type Static } from 'typebox';
import { closed, Id, Time } from './common.ts';

const base = { seq: Type.Integer({ minimum: 0 }), at: Time };

export const QuickReplyView = Type.Object(
  {
    title: Type.String(),
    payload: Type.String(),
    image: Type.Optional(Type.String({ description: 'Address of a picture beside the title; http or https' })),
    click: Type.Optional(
      Type.Unknown({
        description:
          'Of structured content: `actions` in order, and `metadata` to send back. A client that does not know it posts `payload`',
      }),
    ),
    style: Type.Optional(Type.Unknown({ description: 'How its author wants it to look, as in structured content' })),
    tooltip: Type.Optional(Type.String()),
  },
  { ...closed, title: 'QuickReply' },
);
export const ButtonView = Type.Object(
  {
    label: Type.String(),
    type: Type.Union([Type.Literal('link'), Type.Literal('postback')]),
    url: Type.Optional(Type.String()),
    target: Type.Optional(Type.String()),
    payload: Type.Optional(Type.String()),
    attempt_id: Type.Optional(
      Type.String({ description: 'A sign-in button: the attempt that a `sign_in` event tells of' }),
    ),
  },
  { ...closed, title: 'Button' },
);

export const MessageEvent = Type.Object(
  {
    ...base,
    type: Type.Literal('message'),
    from: Type.Union([Type.Literal('consumer'), Type.Literal('bot'), Type.Literal('agent')]),
    through: Type.Optional(
      Type.Literal('web_view', { description: "It came from a page of the brand's, not from the consumer's own chat" }),
    ),
    text: Type.Optional(Type.String()),
    quick_replies: Type.Optional(Type.Array(QuickReplyView)),
    quick_replies_per_row: Type.Optional(Type.Integer({ minimum: 1, maximum: 8 })),
    delay_ms: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 10_000,
        description: 'How long its author lets it wait; nothing is held back for it',
      }),
    ),
    file: Type.Optional(
      Type.Object(
        { name: Type.String(), type: Type.String({ description: 'Media type' }), size: Type.Integer() },
        { ...closed, title: 'FileView', description: 'A file that the consumer sent; `size` in bytes' },
      ),
    ),
    buttons: Type.Optional(Type.Array(ButtonView)),
    content: Type.Optional(Type.Unknown({ description: 'Structured content' })),
    upload: Type.Optional(
      Type.Object(
        { accept: Type.Array(Type.String()) },
        { description: 'The bot waits for a file: `accept` are the endings of the names it takes' },
      ),
    ),
    metadata: Type.Optional(
      Type.Array(Type.Unknown(), { description: "Of the structured content that the consumer's message came from" }),
    ),
  },
  { title: 'MessageEvent' },
);

export const SignInEvent = Type.Object(
  {
    ...base,
    type: Type.Literal('sign_in'),
    attempt_id: Id,
    status: Type.Union([
      Type.Literal('offered'),
      Type.Literal('bound'),
      Type.Literal('code_rejected'),
      Type.Literal('completed'),
      Type.Literal('ended'),
    ]),
    attempts_left: Type.Optional(Type.Integer()),
    outcome: Type.Optional(Type.String({ description: '`granted`, or the name of the outcome' })),
    url: Type.Optional(Type.String()),
  },
  { title: 'SignInEvent' },
);

/** What became of a hand-over to people. Once it is `accepted` the bot is silent, until it is given back. */
export const TransferEvent = Type.Object(
  {
    ...base,
    type: Type.Literal('transfer'),
    status: Type.Union([
      Type.Literal('requested'),
      Type.Literal('accepted'),
      Type.Literal('failed'),
      Type.Literal('ended'),
    ]),
    skill: Type.String({ description: 'Whom the bot asked for; empty: anybody' }),
    agent: Type.Optional(Type.String()),
  },
  { title: 'TransferEvent' },
);

export const ClosedEvent = Type.Object({ ...base, type: Type.Literal('closed') }, { title: 'ClosedEvent' });
/** The given position is not one of this conversation: read again from the start. */
export const GapEvent = Type.Object({ ...base, type: Type.Literal('gap') }, { title: 'GapEvent' });

/** What a conversation shows its consumer. `typing` comes on the stream only and has no seq. */
export const ConversationEvent = Type.Union([MessageEvent, SignInEvent, TransferEvent, ClosedEvent, GapEvent], {
  title: 'Event',
});
export type ConversationEvent = Static<typeof ConversationEvent>;

export const EventPage = Type.Object(
  { events: Type.Array(ConversationEvent), last_seq: Type.Integer() },
  { ...closed, title: 'EventPage' },
);
