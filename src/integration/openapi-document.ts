/** Reads an OpenAPI 3.0 or 3.1 document without trusting its shape: local references are followed, bounded; nothing is fetched. */

export type Node = Record<string, unknown>;

export interface Operation {
  /** As the document writes it, such as `/orders/{id}`. */
  path: string;
  method: string;
  operation: Node;
  /** What all operations of the path share. */
  shared: Node;
  /** Another operation has the same `operationId`. */
  isAmbiguous?: true;
}

export const asNode = (value: unknown): Node =>
  // Any object that is no list may be read by its names.
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Node) : {};

export const member = (value: unknown, name: string): unknown => {
  const node = asNode(value);
  return Object.hasOwn(node, name) ? node[name] : undefined;
};

export const listAt = (value: unknown, name: string): unknown[] => {
  const found = member(value, name);
  return Array.isArray(found) ? found : [];
};

export const textAt = (value: unknown, name: string): string | undefined => {
  const found = member(value, name);
  return typeof found === 'string' ? found : undefined;
};

const mostReferences = 20;
const longestReference = 300;
export const mostParameters = 200;

/** What a `$ref` leads to within the document; an empty object where it leads nowhere, out of it, or in a circle. */
export function resolved(document: Node, value: unknown): Node {
  let found = asNode(value);
  for (let count = 0; count < mostReferences; count++) {
    const reference = textAt(found, '$ref');
    if (reference === undefined) return found;
    found = asNode(targetOf(document, reference));
  }
  return {};
}

/** Undefined where it leads nowhere, or out of the document. */
export function targetOf(document: Node, reference: string): unknown {
  if (!reference.startsWith('#/') || reference.length > longestReference) return undefined;
  const steps = reference.slice(2).split('/').map(unescape);
  return steps.reduce<unknown>((at, step) => stepInto(at, step), document);
}

const stepInto = (value: unknown, step: string): unknown =>
  Array.isArray(value) && /^\d{1,6}$/.test(step) ? value[Number(step)] : member(value, step);

const unescape = (step: string) => decoded(step).replaceAll('~1', '/').replaceAll('~0', '~');

export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Undefined when it is a document that can be read. */
export function unreadable(document: unknown): string | undefined {
  if (typeof document === 'string')
    return 'The OpenAPI document must be a JSON object. YAML is not taken: convert it to JSON first.';
  if (member(document, 'swagger') !== undefined)
    return 'This is a Swagger 2.0 document: convert it to OpenAPI 3 first.';
  const version = textAt(document, 'openapi');
  if (version === undefined) return 'This is no OpenAPI document: it has no "openapi" with its version.';
  return /^3\.[01]\./.test(version) ? undefined : `OpenAPI ${version.slice(0, 20)} is not read: 3.0 and 3.1 are.`;
}

const methods = ['get', 'head', 'post', 'put', 'patch', 'delete'];

export type Wanted = { operation_id: string } | { method: string; path: string };

/** The operation that is meant, or why there is none. */
export function findOperation(document: Node, wanted: Wanted): Operation | { problem: string } {
  const all = operationsOf(document);
  const isWanted = ({ path, method, operation }: Operation) =>
    'operation_id' in wanted
      ? textAt(operation, 'operationId') === wanted.operation_id
      : path === wanted.path && method === wanted.method.toLowerCase();
  const [found, ...others] = all.filter(isWanted);
  if (found) return others.length > 0 ? { ...found, isAmbiguous: true } : found;
  const known = all
    .slice(0, 20)
    .map(({ path, method, operation }) => textAt(operation, 'operationId') ?? `${method} ${path}`);
  return { problem: `The document has no such operation. It has: ${known.join(', ').slice(0, 500) || 'none'}.` };
}

function operationsOf(document: Node): Operation[] {
  return Object.entries(asNode(member(document, 'paths'))).flatMap(([path, item]) => {
    const shared = resolved(document, item);
    return methods.flatMap((method) => {
      const operation = member(shared, method);
      return operation === undefined ? [] : [{ path, method, operation: asNode(operation), shared }];
    });
  });
}

/** Parameters of the operation before those of its path: the same name and place is said once. */
export function parametersOf(document: Node, { operation, shared }: Operation): Node[] {
  const seen = new Set<string>();
  return [...listAt(operation, 'parameters'), ...listAt(shared, 'parameters')]
    .slice(0, mostParameters)
    .map((parameter) => resolved(document, parameter))
    .filter((parameter) => {
      const key = `${textAt(parameter, 'in')} ${textAt(parameter, 'name')}`;
      const isNew = !seen.has(key) && textAt(parameter, 'name') !== undefined;
      seen.add(key);
      return isNew;
    });
}
