/** The interactions a dialog is made of: statements go on by themselves, questions wait, the rest calls or hands over. */
import Type, { type Static } from 'typebox';
import { Action, closed, Code, Name, Patterns, Text } from './common.ts';
import { Rule } from './rule.ts';

export const Button = Type.Object(
  {
    label: Type.String({ minLength: 1, maxLength: 128 }),
    type: Type.Union([Type.Literal('link'), Type.Literal('postback')]),
    callback: Type.Optional(Text),
    target: Type.Optional(Type.Union([Type.Literal('new_window'), Type.Literal('current_window')])),
    webview: Type.Optional(
      Type.Union([Type.Literal('compact'), Type.Literal('tall'), Type.Literal('full')], {
        description: 'Legacy: accepted, no effect',
      }),
    ),
  },
  closed,
);

export const QuickReply = Type.Object(
  { title: Type.String({ minLength: 1, maxLength: 255 }), payload: Type.Optional(Text), image: Type.Optional(Text) },
  closed,
);

const common = {
  id: Name,
  name: Name,
  enabled: Type.Optional(Type.Boolean()),
  delay_ms: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000 })),
  pre_process: Type.Optional(Code),
  post_process: Type.Optional(Code),
  rules: Type.Optional(Type.Array(Rule, { maxItems: 500 })),
  next: Type.Optional(Action),
};
const question = {
  ...common,
  process_user_response: Type.Optional(Code),
  fallback_response: Type.Optional(Text),
  slot: Type.Optional(
    Type.Object(
      { name: Name, entity: Name },
      { ...closed, description: 'What the question asks for; it is skipped when the slot is filled already' },
    ),
  ),
};

export const Starter = Type.Object(
  {
    ...common,
    type: Type.Literal('starter'),
    patterns: Type.Optional(Patterns),
    exclude: Type.Optional(Patterns),
    intent: Type.Optional(Name),
  },
  closed,
);
export const TextStatement = Type.Object({ ...common, type: Type.Literal('text'), text: Text }, closed);
export const ImageStatement = Type.Object(
  {
    ...common,
    type: Type.Literal('image'),
    url: Type.String({ minLength: 1, maxLength: 20_000, description: 'http or https; may hold expressions' }),
    alt: Type.Optional(
      Type.String({ maxLength: 2_000, description: 'What the image shows, for those who do not see it' }),
    ),
  },
  closed,
);
export const TextQuestion = Type.Object({ ...question, type: Type.Literal('text_question'), text: Text }, closed);
export const ButtonQuestion = Type.Object(
  { ...question, type: Type.Literal('button_question'), text: Text, buttons: Type.Array(Button, { maxItems: 24 }) },
  closed,
);
export const QuickReplyQuestion = Type.Object(
  {
    ...question,
    type: Type.Literal('quick_reply'),
    text: Text,
    replies: Type.Array(QuickReply, { maxItems: 24 }),
    replies_per_row: Type.Optional(Type.Integer({ minimum: 1, maximum: 8 })),
  },
  closed,
);
export const MultipleChoice = Type.Object(
  {
    ...question,
    type: Type.Literal('multiple_choice'),
    text: Text,
    choices: Type.Array(Type.String({ maxLength: 255 }), { minItems: 1, maxItems: 50 }),
    display: Type.Optional(Type.Union([Type.Literal('buttons'), Type.Literal('quick_replies')])),
    list_style: Type.Optional(Type.Union([Type.Literal('numbers'), Type.Literal('letters')])),
  },
  closed,
);

/** A card. Expressions such as `{Integration.field}` that hold lists repeat it, one card per element. */
export const Tile = Type.Object(
  {
    title: Type.String({ minLength: 1, maxLength: 255 }),
    subtitle: Type.Optional(Type.String({ maxLength: 255 })),
    image: Type.Optional(Text),
    item_url: Type.Optional(Text),
    buttons: Type.Optional(Type.Array(Button, { maxItems: 24 })),
  },
  closed,
);
export const StructuredQuestion = Type.Object(
  {
    ...question,
    type: Type.Literal('structured'),
    tiles: Type.Array(Tile, { minItems: 1, maxItems: 10 }),
    display: Type.Optional(Type.Union([Type.Literal('vertical'), Type.Literal('horizontal')])),
  },
  closed,
);
export const UniversalQuestion = Type.Object(
  {
    ...question,
    type: Type.Literal('universal'),
    content: Type.String({
      maxLength: 100_000,
      description: 'JSON text of structured content; its expressions are filled in before it is parsed',
    }),
  },
  closed,
);

const Picture = Type.Optional(Text);
export const ListPicker = Type.Object(
  {
    ...question,
    type: Type.Literal('list_picker'),
    text: Text,
    sections: Type.Array(
      Type.Object(
        {
          title: Type.Optional(Type.String({ maxLength: 255 })),
          items: Type.Array(
            Type.Object(
              {
                id: Type.Optional(Name),
                title: Type.String({ minLength: 1, maxLength: 255 }),
                subtitle: Type.Optional(Type.String({ maxLength: 400 })),
                image: Picture,
              },
              closed,
            ),
            { minItems: 1, maxItems: 50 },
          ),
        },
        closed,
      ),
      { minItems: 1, maxItems: 20 },
    ),
    multiple: Type.Optional(Type.Boolean()),
  },
  closed,
);
export const TimePicker = Type.Object(
  {
    ...question,
    type: Type.Literal('time_picker'),
    text: Text,
    title: Type.Optional(Type.String({ maxLength: 255 })),
    location: Type.Optional(Type.String({ maxLength: 255 })),
    offset_minutes: Type.Optional(
      Type.Integer({ minimum: -840, maximum: 840, description: 'Of the zone the times are shown in, from GMT' }),
    ),
    slots: Type.Array(
      Type.Object(
        {
          id: Type.Optional(Name),
          start: Type.String({
            minLength: 1,
            maxLength: 2_000,
            description: 'Such as 2026-04-30T13:30+0000, or an expression',
          }),
          duration_minutes: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_080 })),
        },
        closed,
      ),
      { minItems: 1, maxItems: 50 },
    ),
  },
  closed,
);

export const FileUpload = Type.Object(
  {
    ...question,
    type: Type.Literal('file_upload'),
    text: Text,
    accept: Type.Array(Type.String({ minLength: 1, maxLength: 40, description: 'A file name ending, such as pdf' }), {
      minItems: 1,
      maxItems: 40,
    }),
    integration: Type.Optional(
      Type.String({ minLength: 1, maxLength: 200, description: 'The file integration that takes it on' }),
    ),
    success: Type.Optional(Text),
    failure: Type.Optional(Text),
    invalid: Type.Optional(Text),
    progress: Type.Optional(Text),
  },
  closed,
);

export const IntegrationInteraction = Type.Object(
  { ...common, type: Type.Literal('integration'), integration: Name },
  closed,
);
/** Hands the conversation to people. */
export const AgentTransfer = Type.Object(
  {
    ...common,
    type: Type.Literal('transfer'),
    text: Type.Optional(Text),
    skill: Type.Optional(Text),
    agent: Type.Optional(Text),
    context: Type.Optional(Type.Boolean({ description: 'The session variables go with it' })),
  },
  closed,
);
/** Hands the conversation to another bot of the account. */
export const BotRoute = Type.Object(
  {
    ...common,
    type: Type.Literal('route'),
    bot: Type.String({ minLength: 1, maxLength: 2_000, description: "The other bot's id or name" }),
    text: Type.Optional(Text),
    message: Type.Optional(
      Type.String({ maxLength: 20_000, description: 'What the other bot hears; default: what the consumer said last' }),
    ),
    intent: Type.Optional(Text),
  },
  closed,
);
/** An imported interaction this version cannot run: kept whole, and only a problem when reached. */
export const OpaqueInteraction = Type.Object(
  { ...common, type: Type.Literal('opaque'), imported_type: Name, content: Type.Unknown() },
  closed,
);

/** By `type`. */
export const interactions = {
  starter: Starter,
  text: TextStatement,
  image: ImageStatement,
  text_question: TextQuestion,
  button_question: ButtonQuestion,
  quick_reply: QuickReplyQuestion,
  multiple_choice: MultipleChoice,
  structured: StructuredQuestion,
  universal: UniversalQuestion,
  list_picker: ListPicker,
  time_picker: TimePicker,
  file_upload: FileUpload,
  integration: IntegrationInteraction,
  transfer: AgentTransfer,
  route: BotRoute,
  opaque: OpaqueInteraction,
};

export const Interaction = Type.Union([
  Starter,
  TextStatement,
  ImageStatement,
  TextQuestion,
  ButtonQuestion,
  QuickReplyQuestion,
  MultipleChoice,
  StructuredQuestion,
  UniversalQuestion,
  ListPicker,
  TimePicker,
  FileUpload,
  IntegrationInteraction,
  AgentTransfer,
  BotRoute,
  OpaqueInteraction,
]);

export type Button = Static<typeof Button>;
export type QuickReply = Static<typeof QuickReply>;
export type Tile = Static<typeof Tile>;
export type Interaction = Static<typeof Interaction>;
