import { Compile } from 'typebox/compile';
import type { IntegrationTrial } from '../../api/integration.ts';
import { checkDocument } from '../../bot/check.ts';
import { type BotDocument, Integration } from '../../bot/document.ts';
import { methodOf } from '../../integration/build-request.ts';
import type { Trial, TrialResult } from '../../runtime/trial.ts';
import type { BotRecord } from '../../store/bot.ts';
import { findEnvironmentByName } from '../../store/environment.ts';
import type { Reader } from '../../store/page.ts';
import type { Json } from '../../world/json.ts';
import { Problem } from '../../world/problem.ts';
import { invalidPlaces } from '../invalid-places.ts';
import { withWireTimes } from './wire-time.ts';

interface Given {
  account_id: string;
  body: IntegrationTrial;
  bot?: BotRecord;
}

/** Throws the problem that says what to mend: the integration is checked as in a bot document. */
export async function readTrial(db: Reader, { account_id, body, bot }: Given): Promise<Trial> {
  const integration = typeof body.integration === 'string' ? namedIn(bot, body.integration) : checked(body.integration);
  const name = body.environment ?? bot?.draft.environment;
  const environment = name === undefined ? undefined : await findEnvironmentByName(db, account_id, name);
  if (name !== undefined && !environment && body.environment !== undefined)
    throw invalid('/environment', `The account has no environment called "${name}".`);
  return {
    account_id,
    integration,
    // A body that was parsed from JSON holds nothing else.
    variables: (body.variables ?? {}) as Record<string, Json>,
    environment: environment?.variables ?? {},
    ...(bot ? { bot: { id: bot.id, document: bot.draft } } : {}),
  };
}

function namedIn(bot: BotRecord | undefined, name: string): Integration {
  if (!bot) throw invalid('/integration', 'must be an integration: a name is for a bot, at its own path');
  const found = bot.draft.integrations.find((integration) => integration.name === name);
  if (!found) throw new Problem('not_found', `The bot's draft has no integration called "${name}".`);
  return found;
}

const schema = Compile(Integration);

/** By its schema, and by the checks that a document with this integration alone would have to pass. */
function checked(given: unknown): Integration {
  if (!schema.Check(given)) {
    const places = invalidPlaces(schema.Errors(given));
    const errors = places.map(({ pointer, detail }) => ({ pointer: `/integration${pointer}`, detail }));
    throw new Problem('invalid_body', 'The integration is not valid.', errors);
  }
  const document: BotDocument = { format: 'errand.bot/1', name: 'Test', dialogs: [], integrations: [given] };
  const prefix = '/integrations/0';
  const errors = checkDocument(document)
    .problems.filter(({ severity, path }) => severity === 'error' && path.startsWith(prefix))
    .map(({ path, message }) => ({ pointer: `/integration${path.slice(prefix.length)}`, detail: message }));
  if (errors.length > 0) throw new Problem('invalid_body', 'The integration is not valid.', errors);
  return given;
}

/** What changes something at the brand is done only when the caller says so. */
export function isTrialConfirmed(integration: Integration, { confirm }: IntegrationTrial): void {
  const method = methodOf(integration);
  const risk = integration.risk ?? (method === 'GET' || method === 'HEAD' ? 'read' : 'write');
  if (risk !== 'read' && confirm !== true)
    throw invalid('/confirm', `required: "${integration.name}" may change something at the brand (risk: ${risk})`);
}

const invalid = (pointer: string, detail: string) =>
  new Problem('invalid_body', 'The integration was not called.', [{ pointer, detail }]);

export function showTrial({
  outcome,
  status,
  detail,
  request,
  answer,
  fields,
  variables,
  log,
  events,
  ms,
}: TrialResult) {
  const why = detail === undefined ? {} : { detail };
  return { outcome, status, ...why, request, answer, fields, variables, log, events: events.map(withWireTimes), ms };
}
