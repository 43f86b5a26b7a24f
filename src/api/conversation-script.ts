/** A conversation script: what a consumer does and what she must see. `docs/testing.md` describes it for authors. */
import Type, { type Static } from 'typebox';

/** Where the sign-in pages and the brand's provider stand in a script. No such host exists. */
export const signInSite = 'https://sign-in.example';

/** The consumer's access token where `setup.credentials` names none. */
export const offlineToken = 'offline-access-token';

const text = Type.String({ maxLength: 100_000 });
const milliseconds = Type.Integer({ minimum: 0, maximum: 366 * 24 * 3_600_000 });

/** Everything that is given must hold; what is not given is not looked at. */
export const ExpectedMessage = Type.Object({
  text: Type.Optional(text),
  contains: Type.Optional(Type.Union([text, Type.Array(text)])),
  buttons: Type.Optional(Type.Array(text)),
  links: Type.Optional(Type.Array(text)),
  cards: Type.Optional(Type.Array(Type.Record(Type.String(), Type.Unknown()))),
  rich: Type.Optional(Type.Unknown()),
});
export type ExpectedMessage = Static<typeof ExpectedMessage>;

/** Such as `["transfer", "orders"]`: a name and what goes with it. */
export const HappenedEvent = Type.Array(Type.Unknown(), { minItems: 1, maxItems: 10 });
export type HappenedEvent = Static<typeof HappenedEvent>;

export const ScriptTurn = Type.Union([
  Type.Object({
    say: text,
    typed: Type.Optional(Type.Boolean({ description: 'No tap, although a button in view posts the same' })),
  }),
  Type.Object({ tap: text }),
  Type.Object({ advance: milliseconds }),
  Type.Object({ expect: Type.Array(ExpectedMessage), events: Type.Optional(Type.Array(HappenedEvent)) }),
]);
export type ScriptTurn = Static<typeof ScriptTurn>;

const Headers = Type.Record(Type.String(), text);
const method = Type.Optional(Type.String({ maxLength: 20 }));

/** How the brand's API answers a call; the first entry that fits counts, and those with the same `match` take turns. */
export const OfflineApi = Type.Object({
  match: Type.Object({ method, urlContains: text, headerContains: Type.Optional(Headers) }),
  status: Type.Optional(Type.Integer({ minimum: 100, maximum: 599, default: 200 })),
  headers: Type.Optional(Headers),
  json: Type.Optional(Type.Unknown()),
  text: Type.Optional(Type.String()),
});
export type OfflineApi = Static<typeof OfflineApi>;

export const ExpectedCall = Type.Object({
  method,
  urlContains: text,
  bodyContains: Type.Optional(Type.Union([text, Type.Array(text)])),
  headerContains: Type.Optional(Headers),
});
export type ExpectedCall = Static<typeof ExpectedCall>;

/** What becomes of a sign-in that the bot asks for. */
export const SignInChoice = Type.Union([
  Type.Literal('grant'),
  Type.Literal('decline'),
  Type.Literal('expire'),
  Type.Literal('never'),
]);
export type SignInChoice = Static<typeof SignInChoice>;

export const OfflineCredential = Type.Object({
  securityProtocol: Type.Optional(text),
  accessToken: Type.Optional(text),
});
export type OfflineCredential = Static<typeof OfflineCredential>;

/** In place of the bot's own recogniser: what is understood in an utterance. */
export const OfflineUnderstanding = Type.Object({
  utterance: text,
  intent_id: Type.Optional(text),
  intent: Type.Optional(text),
  score: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
});

export const ScriptSetup = Type.Object({
  lp_customer_info: Type.Optional(Type.Unknown()),
  nlu: Type.Optional(Type.Array(OfflineUnderstanding)),
  credentials: Type.Optional(Type.Record(Type.String(), OfflineCredential)),
  environment: Type.Optional(Type.Record(Type.String(), Type.Union([text, Type.Number(), Type.Boolean()]))),
  sign_in: Type.Optional(SignInChoice),
  transfer: Type.Optional(Type.Union([Type.Literal('accept'), Type.Literal('fail')])),
  channel: Type.Optional(Type.Union([Type.Literal('web'), Type.Literal('text')])),
  locale: Type.Optional(Type.String({ maxLength: 35 })),
});
export type ScriptSetup = Static<typeof ScriptSetup>;

export const ConversationScript = Type.Object(
  {
    bot: Type.Optional(text),
    bots: Type.Optional(Type.Array(text, { maxItems: 50, description: 'Other bots of the account, to hand over to' })),
    title: Type.Optional(text),
    notes: Type.Optional(Type.Unknown()),
    setup: Type.Optional(ScriptSetup),
    apis: Type.Optional(Type.Array(OfflineApi)),
    expectApiCalls: Type.Optional(Type.Array(ExpectedCall)),
    turns: Type.Array(ScriptTurn),
  },
  { title: 'ConversationScript' },
);
export type ConversationScript = Static<typeof ConversationScript>;
