/** Consumer API: requests and answers. */
import Type, { type Static } from 'typebox';
import { closed, Id, named, Time, Url } from './common.ts';

export const Channel = Type.Union([Type.Literal('web'), Type.Literal('text')]);

const proof = (most: number) => Type.String({ minLength: 1, maxLength: most, pattern: '^[\\u0021-\\u007e]+$' });
/** What a page around the chat has of the consumer's sign-in there: a code to redeem, or an id_token. */
const SignIn = Type.Union([
  named('SignInWithCode', {
    identity_provider_id: Type.Optional(Id),
    code: proof(4_000),
    redirect_uri: Type.Optional(Url),
    code_verifier: Type.Optional(proof(128)),
    nonce: Type.Optional(proof(1_000)),
  }),
  named('SignInWithIdToken', { identity_provider_id: Type.Optional(Id), id_token: proof(16_000) }),
]);
const notYet = 'Signed-in conversations are not available yet: refused';

export const ConversationStart = Type.Union([
  named('ConversationStart', {
    channel: Type.Optional(Channel),
    locale: Type.Optional(
      Type.String({ pattern: '^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$', description: 'BCP 47, such as en-US' }),
    ),
    sign_in: Type.Optional(Type.Union(SignIn.anyOf, { description: notYet })),
  }),
  Type.Null(),
]);
export type ConversationStart = Static<typeof ConversationStart>;

export const SignInRenewal = named('SignInRenewal', { sign_in: SignIn }, notYet);

export const ConversationOpened = named('ConversationOpened', {
  conversation_id: Id,
  session_token: Type.String(),
  consumer_id: Id,
});

const messageId = Type.String({
  minLength: 1,
  maxLength: 128,
  pattern: '^[\\u0021-\\u007e]+$',
  description: 'Made by the client; the same id again is the same message (I2)',
});
const said = Type.String({ minLength: 1, maxLength: 10_000 });
export const TextMessage = named('TextMessage', { id: messageId, text: said });
export const PostbackMessage = named('PostbackMessage', {
  id: messageId,
  postback: said,
  label: Type.Optional(Type.String({ minLength: 1, maxLength: 1_000 })),
  metadata: Type.Optional(
    Type.Array(Type.Record(Type.String(), Type.Unknown()), {
      maxItems: 256,
      description: 'Of the structured content that was tapped, such as its `ExternalId`: kept with the message',
    }),
  ),
});
export const ConsumerMessage = Type.Union([TextMessage, PostbackMessage]);
export type ConsumerMessage = Static<typeof ConsumerMessage>;
export const MessageAccepted = named('MessageAccepted', { seq: Type.Integer() });

const shown = '^[^\\u0000-\\u001f\\u007f]+$';
export const FileQuery = Type.Object(
  {
    name: Type.String({
      minLength: 1,
      maxLength: 255,
      pattern: shown,
      description: 'The name of the file; its ending says of what type it is',
    }),
    caption: Type.Optional(
      Type.String({ minLength: 1, maxLength: 1_000, pattern: shown, description: 'What the consumer says of it' }),
    ),
  },
  closed,
);

const number = '^[0-9]{1,15}$';
export const EventsQuery = Type.Object(
  {
    after: Type.Optional(Type.String({ pattern: number, description: 'Events after this seq; default 0' })),
    wait: Type.Optional(
      Type.String({ pattern: '^(1?[0-9]|2[0-5])$', description: 'Seconds to wait for the first event, at most 25' }),
    ),
  },
  closed,
);

export const ConnectionOfMine = named('ConnectionOfMine', {
  id: Id,
  credential: Type.String(),
  scopes: Type.Array(Type.String()),
  status: Type.String(),
  since: Time,
  last_used: Type.Union([Time, Type.Null()]),
});
export const ConnectionsOfMine = named('ConnectionsOfMine', { connections: Type.Array(ConnectionOfMine) });

export const ConversationParams = Type.Object({ id: Type.String() });
export const AttemptParams = Type.Object({ id: Type.String(), attempt_id: Type.String() });
export const MyConnectionParams = Type.Object({ id: Type.String(), connection_id: Type.String() });
export const BotParams = Type.Object({ bot_id: Type.String() });
