import type { BotDocument, Integration } from '../document.ts';
import { interactionPlaces } from '../places.ts';
import { type DocumentProblem, error, pointer, warning } from '../problem.ts';

/** Integration interactions must name an integration; what an integration says must be something that can be called. */
export function checkIntegrations(document: BotDocument): DocumentProblem[] {
  const names = new Set(document.integrations.map(({ name }) => name));
  const byId = new Map(document.integrations.map(({ id, name }) => [id, name]));
  const dangling = interactionPlaces(document).flatMap(({ interaction, path }) => {
    if (interaction.type !== 'integration' || names.has(interaction.integration)) return [];
    const meant = byId.get(interaction.integration);
    const hint = meant === undefined ? '' : ` Interactions name integrations by their name; did you mean "${meant}"?`;
    const message = `There is no integration called "${interaction.integration}".${hint}`;
    return [error(pointer(path, 'integration'), message)];
  });
  return [
    ...dangling,
    ...document.integrations.flatMap((integration, at) => checkIntegration(integration, pointer('/integrations', at))),
  ];
}

/** An expression before the path that is none of the environment's. */
const hostFromVariable = /^(?:[a-z][a-z0-9+.-]*:\/\/)?(?:\{\$env\.[^{}]*\}|[^/?#{}])*\{(?!\$env\.)/i;

/** `https://user:password@host`, also as URL parsers forgive it: more slashes, backslashes, tabs between them. */
const userInformation = /^[^/\\?#]*:[/\\\s]+[^/\\?#]*@/;

function checkIntegration(integration: Integration, path: string): DocumentProblem[] {
  const { url, method, body, fields = [], response_variable } = integration;
  const problems: DocumentProblem[] = [];
  if (!/^(https?:\/\/|\{\$)/i.test(url))
    problems.push(
      error(
        pointer(path, 'url'),
        'The URL must begin with https:// or http://, or with an expression such as {$env.host}.',
      ),
    );
  else if (/^http:\/\//i.test(url) && !/^http:\/\/(127\.0\.0\.1|localhost|\[::1\])[:/]/i.test(url))
    problems.push(warning(pointer(path, 'url'), 'Use https: what is sent over http can be read on the way.'));
  if (hostFromVariable.test(url))
    problems.push(
      warning(
        pointer(path, 'url'),
        "The host comes from a variable, which may hold what a consumer wrote: such a call goes out only where the integration's credential names the origin, and is blocked otherwise. Write the host, or take it from the environment as {$env.host}.",
      ),
    );
  if (userInformation.test(url))
    problems.push(
      error(
        pointer(path, 'url'),
        'The URL contains a user name or password. A document must not contain secrets: put them into a credential of type basic.',
      ),
    );
  if (body !== undefined && (method === 'GET' || method === 'HEAD'))
    problems.push(warning(pointer(path, 'body'), `${method} sends no body.`));
  for (const [at, { value }] of fields.entries()) {
    const root = /^\s*\{\$\.([^.[{}]+)/.exec(value)?.[1];
    if (root !== undefined && root.trim() !== `api_${response_variable}`)
      problems.push(
        warning(
          pointer(path, 'fields', at, 'value'),
          `The answer is kept as api_${response_variable}: this path leads nowhere.`,
        ),
      );
  }
  return problems;
}
