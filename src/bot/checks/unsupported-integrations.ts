import { type DocumentProblem, error, pointer } from '../problem.ts';

const instead: Record<string, string> = {
  email:
    'Integrations that send e-mail are not supported yet: use an integration of type "function" or "api" and let the brand\'s own service send it.',
  knowledge_base:
    'Integrations with a knowledge base are not supported yet: use an integration of type "api" that calls the knowledge base\'s own API.',
};

/** LivePerson's other types of integrations, by what they are called there. They are refused by the document's shape; this says what to do. */
export function unsupportedIntegrations(json: unknown): DocumentProblem[] {
  const integrations: unknown = typeof json === 'object' && json !== null ? Reflect.get(json, 'integrations') : [];
  if (!Array.isArray(integrations)) return [];
  return integrations.slice(0, 1_000).flatMap((integration: unknown, at) => {
    const type: unknown =
      typeof integration === 'object' && integration !== null ? Reflect.get(integration, 'type') : '';
    const message = typeof type === 'string' && Object.hasOwn(instead, type) ? instead[type] : undefined;
    return message === undefined ? [] : [error(pointer('/integrations', at, 'type'), message)];
  });
}

/** The problems of a document's shape, with the better word where there is one. */
export function withUnsupported(json: unknown, problems: DocumentProblem[]): DocumentProblem[] {
  const unsupported = unsupportedIntegrations(json);
  const told = new Set(unsupported.map(({ path }) => path));
  return [...unsupported, ...problems.filter(({ path }) => !told.has(path))];
}
