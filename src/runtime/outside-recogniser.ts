import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import type { Integration, Intent } from '../bot/document.ts';
import type { CallResult, FoundEntity, Understanding, UnderstoodIntent } from '../engine/step.ts';
import { callIntegration } from '../integration/call.ts';
import { authorityOf } from '../integration/static-credential.ts';
import { rankOf } from '../nlu/recognition.ts';
import { credentialOf } from './credential-of.ts';
import { stepId } from './step-id.ts';
import type { Turn } from './turn.ts';

/** A consumer waits for it, and a text that is not understood has an answer: ms. */
const longestWait = 5_000;
const longestText = 2_000;
const most = 50;

const Word = Type.Optional(Type.String({ minLength: 1, maxLength: 500 }));
const Answer = Type.Object({
  intents: Type.Optional(
    Type.Array(
      Type.Object({
        intent: Word,
        intent_id: Word,
        id: Word,
        name: Word,
        score: Type.Number({ minimum: 0, maximum: 1 }),
      }),
      { maxItems: most },
    ),
  ),
  entities: Type.Optional(
    Type.Array(
      Type.Object({
        entity: Type.String({ minLength: 1, maxLength: 200 }),
        value: Type.String({ minLength: 1, maxLength: 2_000 }),
        phrase: Type.Optional(Type.String({ maxLength: 2_000 })),
      }),
      { maxItems: most },
    ),
  ),
});
const answers = Compile(Answer);
type Answer = Static<typeof Answer>;

export type Asked = Understanding | { problem: string };

/**
 * Asks the brand's own recogniser, a function integration. It changes nothing at the brand, so it is no step of the turn: a turn
 * that is run again asks again.
 */
export async function askRecogniser(turn: Turn, name: string, text: string): Promise<Asked> {
  const integration = turn.bot.integrations.get(name);
  if (integration?.type !== 'function') return { problem: `there is no function integration "${name}"` };
  const found = await credentialOf(turn, integration);
  if ('problem' in found) return found;
  if (found.consumers) return { problem: `${name} needs a consumer's permission: a recogniser is called without one` };
  const { rooms, conversation } = turn;
  const { id: conversation_id, bot_id, account_id, locale } = conversation;
  const { intents = [] } = turn.bot.document;
  const { result } = await callIntegration(
    { egress: rooms.egress, ...rooms.world },
    {
      integration: patient(integration),
      view: {},
      caller: { conversation_id, bot_id, account_id, locale },
      payload: { text: text.slice(0, longestText), locale, intents: intents.map((intent) => intent.name) },
      idempotency_key: stepId(turn, 'call'),
      ...(found.own
        ? { origins: found.own.document.origins, authority: await authorityOf(rooms.vault, found.own) }
        : {}),
    },
  );
  return understandingIn(result, intents);
}

function patient(integration: Integration): Integration {
  return { ...integration, repeatable: true, timeout_ms: Math.min(integration.timeout_ms ?? longestWait, longestWait) };
}

/** Reads what came back; what is not of the documented shape is a problem and understood as nothing. */
export function understandingIn({ outcome, body }: CallResult, intents: readonly Intent[]): Asked {
  if (outcome !== 'success') return { problem: `it ended in ${outcome}` };
  const answer = parsed(body ?? '');
  if (answer === undefined || !answers.Check(answer)) return { problem: 'its answer is not of the documented shape' };
  return {
    intents: intentsIn(answer, intents),
    entities: (answer.entities ?? []).map(
      ({ entity, value, phrase = value }): FoundEntity => ({ entity, value, phrase }),
    ),
  };
}

function intentsIn(answer: Answer, known: readonly Intent[]): UnderstoodIntent[] {
  const intents = (answer.intents ?? []).flatMap(({ intent, intent_id, id, name, score }): UnderstoodIntent[] => {
    const said = intent_id ?? id ?? intent ?? name;
    if (said === undefined) return [];
    const own = known.find((one) => one.id === said || one.name === said);
    return [{ id: own?.id ?? said, name: own?.name ?? intent ?? name ?? said, score, rank: rankOf(score) }];
  });
  return intents.sort((one, other) => other.score - one.score);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
