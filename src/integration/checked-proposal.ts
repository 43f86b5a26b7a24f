/** The last look at an integration that was read from somewhere else: it has no secret in it, and a bot document takes it. */
import { Compile } from 'typebox/compile';
import { Integration } from '../bot/document.ts';
import { isSurelySecret, withoutSureSecrets } from '../bot/sure-secrets.ts';
import { mask } from '../world/secret.ts';
import { withoutBodySecrets } from './body-secrets.ts';
import { isNamedSecret } from './found-secrets.ts';
import type { Proposal, Remark } from './proposal.ts';
import { createSecretVariables } from './secret-variables.ts';

const integrationSchema = Compile(Integration);

/** `problem`: it is beyond what a bot document holds. */
export function checkedProposal(proposal: Proposal): Proposal | { problem: string } {
  const clean = withoutSecrets(proposal.integration);
  const { id, name } = clean.integration;
  if ([id, name].some(isSurelySecret))
    return { problem: "The integration's name looks like a secret: give it another." };
  const [fault] = integrationSchema.Errors(clean.integration);
  // What is said of a document may repeat a text of it.
  const told = proposal.report.map(({ path, message }) => ({ path, message: masked(message) }));
  if (!fault) return withAdvice({ ...proposal, ...clean, report: [...told, ...clean.report] });
  return { problem: `The integration would not be valid: ${fault.instancePath || '/'} ${fault.message ?? ''}` };
}

function withAdvice({ credential, report, ...proposal }: Proposal): Proposal {
  if (!credential) return { ...proposal, report };
  const { name, type, secret, origins, ...fields } = credential;
  const known = Object.entries({ ...(origins.length > 0 ? { origins } : {}), ...fields });
  const fixed = known.map(([field, value]) => `${field} ${JSON.stringify(value)}`).join(', ');
  const open = origins.length > 0 ? 'its secret' : 'its secret and origins';
  const message = `The account needs a credential "${name}" of type ${type}: create it with ${open}${fixed && `, ${fixed}`}.`;
  const advice = secret ? [] : [{ path: '/credential', message }];
  return { ...proposal, credential, report: [...report, ...advice] };
}

type Pairs = NonNullable<Integration['headers']>;

/** Whatever the document check would call a secret becomes a variable of the environment, or is masked in a description. */
function withoutSecrets(given: Integration): { integration: Integration; report: Remark[] } {
  const variables = createSecretVariables();
  const clean = (text: string, path: string, name = 'secret') =>
    withoutSureSecrets(text, (secret) => variables.placeFor(name, secret, path));
  const cleanPairs = (pairs: Pairs, path: string) =>
    pairs.map(({ key, value }) => {
      const isSecret = value.trim() !== '' && isNamedSecret({ key, value });
      return {
        key: clean(key, path),
        value: isSecret ? variables.placeFor(key, value, path) : clean(value, path, key),
      };
    });
  const { url, headers, parameters, body, description, input_schema } = given;
  const integration: Integration = {
    ...given,
    url: clean(url, '/url'),
    ...(headers === undefined ? {} : { headers: cleanPairs(headers, '/headers') }),
    ...(parameters === undefined ? {} : { parameters: cleanPairs(parameters, '/parameters') }),
    ...(body === undefined ? {} : { body: withoutBodySecrets(body, variables) }),
    ...(description === undefined ? {} : { description: masked(description) }),
    ...(input_schema === undefined ? {} : { input_schema: maskedValue(input_schema) }),
  };
  return { integration, report: variables.report };
}

const masked = (text: string): string => withoutSureSecrets(text, () => mask);

function maskedValue(value: unknown): unknown {
  if (typeof value === 'string') return masked(value);
  if (Array.isArray(value)) return value.map(maskedValue);
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, maskedValue(inner)]))
    : value;
}
