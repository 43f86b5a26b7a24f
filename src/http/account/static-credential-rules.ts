import type { CredentialInput } from '../../api/credential.ts';
import type { StaticCredentialDocument, StaticCredentialType } from '../../api/static-credential.ts';
import type { StaticCredentialRecord } from '../../store/credential.ts';
import { newSigningSecret, signingKey } from '../../integration/webhook-signature.ts';
import { type InvalidPlace, Problem } from '../../world/problem.ts';
import type { Random } from '../../world/world.ts';
import { headerPlaces } from './credential-rules.ts';
import { inexactOrigin, placesOf } from './safe-url.ts';

export type StaticInput = CredentialInput & { type: StaticCredentialType };

export interface StaticSettings {
  document: StaticCredentialDocument;
  /** Plain; null: the stored one stays. */
  secret: string | null;
  /** The secret was made here and must be shown, once. */
  made: boolean;
}

type Field = keyof CredentialInput;

const common: readonly Field[] = ['name', 'type', 'origins', 'import_id'];
/** The fields of each type, the secret first. */
const own: Record<StaticCredentialType, { secret: Field; others: readonly Field[] }> = {
  access_token: { secret: 'token', others: ['token_type', 'header', 'parameter'] },
  basic: { secret: 'user_password', others: ['user_name'] },
  webhook_signing: { secret: 'secret', others: [] },
};

export const isStatic = (input: CredentialInput): input is StaticInput => input.type !== 'consumer_authentication';

/**
 * Checks a credential with a secret of its own. `before`: what it replaces; then the secret may be left out, as long as
 * it does not go anywhere new. Throws `invalid_body` with every place that is wrong.
 */
export function staticSettings(
  random: Random,
  input: StaticInput,
  before: StaticCredentialRecord | undefined,
): StaticSettings {
  const document = documentOf(input);
  const places = [
    ...strangeFields(input),
    ...input.origins.flatMap((origin, i) => placesOf(`/origins/${i}`, inexactOrigin(origin))),
    ...headerPlaces(input),
    ...fieldPlaces(input),
    ...secretPlaces(input, document, before),
  ];
  if (places.length > 0) throw new Problem('invalid_body', 'The credential is not valid.', places);
  const given = secretOf(input);
  const made = given === undefined && before === undefined;
  return { document, secret: given ?? (made ? newSigningSecret(random) : null), made };
}

function documentOf({
  type,
  origins,
  token_type,
  header,
  parameter,
  user_name,
}: StaticInput): StaticCredentialDocument {
  const document = { mode: 'static', origins } as const;
  if (type === 'webhook_signing') return document;
  if (type === 'basic') return { ...document, ...(user_name === undefined ? {} : { user_name }) };
  if (parameter !== undefined) return { ...document, parameter };
  return { ...document, token_type: token_type ?? 'Bearer', header: header ?? 'Authorization' };
}

function secretOf(input: StaticInput): string | undefined {
  const value = input[own[input.type].secret];
  return typeof value === 'string' ? value : undefined;
}

function strangeFields(input: StaticInput): InvalidPlace[] {
  const { secret, others } = own[input.type];
  // Object.keys forgets that the body was checked against its schema.
  const given = Object.keys(input) as Field[];
  return given
    .filter((field) => !common.includes(field) && field !== secret && !others.includes(field))
    .map((field) => ({ pointer: `/${field}`, detail: `does not belong to ${input.type}` }));
}

function fieldPlaces(input: StaticInput): InvalidPlace[] {
  const places: InvalidPlace[] = [];
  if (input.type === 'basic' && input.user_name === undefined)
    places.push({ pointer: '/user_name', detail: 'required' });
  if (input.parameter !== undefined && (input.header !== undefined || input.token_type !== undefined))
    places.push({ pointer: '/parameter', detail: 'goes without header and token_type: the token stands in one place' });
  if (input.secret !== undefined && signingKey(input.secret) === undefined)
    places.push({ pointer: '/secret', detail: 'must be whsec_ and the base64 of 24 to 64 bytes' });
  return places;
}

/** Who can change where a secret goes without knowing it would otherwise have it sent to himself. */
function secretPlaces(
  input: StaticInput,
  document: StaticCredentialDocument,
  before: StaticCredentialRecord | undefined,
): InvalidPlace[] {
  if (secretOf(input) !== undefined) return [];
  const pointer = `/${own[input.type].secret}`;
  if (before === undefined) return input.type === 'webhook_signing' ? [] : [{ pointer, detail: 'required' }];
  const isNew = document.origins.filter((origin) => !before.document.origins.includes(origin));
  if (isNew.length > 0) return [{ pointer, detail: `required again, since it may go to a new origin: ${isNew[0]}` }];
  const { header, parameter } = before.document;
  const moved = document.header !== header || document.parameter !== parameter;
  return moved ? [{ pointer, detail: 'required again, since it goes to another place in the request' }] : [];
}
