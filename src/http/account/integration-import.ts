import { Compile } from 'typebox/compile';
import { CredentialInput } from '../../api/credential.ts';
import type { IntegrationImport } from '../../api/integration.ts';
import type { Integration } from '../../bot/document.ts';
import { fromCurl } from '../../integration/from-curl.ts';
import { fromOpenapi } from '../../integration/from-openapi.ts';
import type { CredentialProposal, Proposal, Remark } from '../../integration/proposal.ts';
import type { StaticCredentialRecord } from '../../store/credential.ts';
import { type InvalidPlace, Problem } from '../../world/problem.ts';
import type { AccountParts } from './account-parts.ts';
import { accountCredentials } from './account-credentials.ts';
import type { Write } from './resource.ts';
import { isStatic } from './static-credential-rules.ts';
import { newStatic } from './static-credentials.ts';

export interface Imported {
  integration: Integration;
  report: Remark[];
  /** Stores the credential that was found; absent where there is none. */
  write?: Write<StaticCredentialRecord>;
}

type Owner = { account_id: string; at: number };

/** Throws `invalid_body` where nothing can be made of it. */
export async function importIntegration(parts: AccountParts, owner: Owner, body: IntegrationImport): Promise<Imported> {
  const proposal = await withFreeName(parts, owner, proposalOf(body));
  const { integration, credential, report } = proposal;
  if (!credential?.secret) return { integration, report };
  const write = await credentialWrite(parts, owner, credential);
  if (typeof write === 'function') return { integration, report, write };
  const message = `A secret was found and left out, for no credential could be made of it: ${write.reason} Create "${credential.name}" by hand.`;
  return { integration, report: [...report, { path: '/credential', message }] };
}

function proposalOf(body: IntegrationImport): Proposal {
  const { curl, openapi, operation_id, method, path } = body;
  const name = body.name === undefined ? {} : { name: body.name };
  if ((curl === undefined) === (openapi === undefined))
    throw invalid([{ pointer: '/curl', detail: 'give either curl or openapi' }]);
  if (curl !== undefined) return orInvalid(fromCurl(curl, name), '/curl');
  if (operation_id !== undefined) return orInvalid(fromOpenapi(openapi, { operation_id, ...name }), '/openapi');
  if (method === undefined || path === undefined)
    throw invalid([{ pointer: '/operation_id', detail: 'required: it, or method and path, name the operation' }]);
  return orInvalid(fromOpenapi(openapi, { method, path, ...name }), '/openapi');
}

function orInvalid(proposal: Proposal | { problem: string }, pointer: string): Proposal {
  if (!('problem' in proposal)) return proposal;
  throw invalid([{ pointer, detail: proposal.problem }]);
}

const invalid = (places: InvalidPlace[]) =>
  new Problem('invalid_body', 'No integration could be made of this.', places);

/** A credential of the account that has the proposed name already is another one. */
async function withFreeName({ db }: AccountParts, { account_id }: Owner, proposal: Proposal): Promise<Proposal> {
  const { credential, integration } = proposal;
  if (!credential?.secret) return proposal;
  const taken = new Set((await accountCredentials(db, account_id)).map(({ name }) => name));
  let name = credential.name;
  for (let count = 2; taken.has(name); count++) name = `${credential.name.slice(0, 190)} ${count}`;
  return { ...proposal, credential: { ...credential, name }, integration: { ...integration, credential: name } };
}

const inputSchema = Compile(CredentialInput);

/** The same checks as for a credential that is created by hand. */
async function credentialWrite(
  parts: AccountParts,
  owner: Owner,
  { secret, ...proposed }: CredentialProposal,
): Promise<Write<StaticCredentialRecord> | { reason: string }> {
  const value = secret?.reveal() ?? '';
  const input = { ...proposed, ...(proposed.type === 'basic' ? { user_password: value } : { token: value }) };
  if (!inputSchema.Check(input) || !isStatic(input)) return { reason: 'it has a form that no credential takes.' };
  try {
    return await newStatic(parts, owner, input);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const [place] = error.errors;
    return { reason: place ? `${place.pointer} ${place.detail}.` : error.message };
  }
}
