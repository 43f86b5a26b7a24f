/** Where an operation is called: the first server that the document names for it. */
import { asNode, decoded, listAt, member, type Node, type Operation, textAt } from './openapi-document.ts';

export interface Server {
  /** Without user information; what the document leaves open comes from the environment. */
  url: string;
  /** Absent where the host is not known. */
  origin?: string;
  /** `user:password`, where the document has them there. */
  user?: string;
  /** What its author should know. */
  remarks: string[];
}

const longestUrl = 2_000;

/** An origin that stands in place of the one that a relative URL belongs to. */
const nowhere = 'https://errand.invalid';

export function serverOf(document: Node, { operation, shared }: Operation): Server {
  const servers =
    [operation, shared, document].map((place) => listAt(place, 'servers')).find(({ length }) => length > 0) ?? [];
  const filled = withVariables(servers[0]);
  const server = (filled && (wholeServer(filled) ?? relativeServer(filled))) ?? {
    url: '{$env.api_host}',
    remarks: ['The document names no server with a whole URL: give the environment a variable api_host.'],
  };
  const others = servers.length > 1 ? ['Of several servers the first was taken.'] : [];
  return { ...server, remarks: [...server.remarks, ...others] };
}

interface Filled {
  url: string;
  /** The variables without a value. */
  open: string[];
}

/** The URL with its variables' defaults; those without one are left to the environment. */
function withVariables(server: unknown): Filled | undefined {
  const variables = asNode(member(server, 'variables'));
  const open: string[] = [];
  const url = textAt(server, 'url')
    ?.slice(0, longestUrl + 1)
    .replace(/\{([^{}]{1,100})\}/g, (_, name: string) => {
      const value = Object.hasOwn(variables, name) ? textAt(variables[name], 'default') : undefined;
      if (value !== undefined) return value.slice(0, longestUrl);
      const variable = name.replace(/[^A-Za-z0-9_]+/g, '_');
      open.push(variable);
      return `{$env.${variable}}`;
    });
  return url === undefined || url.length > longestUrl ? undefined : { url, open };
}

const expressions = /\{\$env\.\w+\}/g;

function wholeServer({ url, open }: Filled): Server | undefined {
  const parsed = /^https?:\/\//i.test(url) ? URL.parse(url.replace(expressions, 'x')) : null;
  if (!parsed) return undefined;
  const { username, password } = parsed;
  const bare = withoutEnd(url.replace(/^(https?:[/\\\s]+)[^/\\?#]*@/i, '$1'));
  // A secret is bound to no host that is only known when the call is made.
  const origin = URL.parse(bare)?.origin;
  const isKnown = origin !== undefined && !origin.includes('{');
  return {
    url: bare,
    ...(isKnown ? { origin } : {}),
    ...(username === '' && password === '' ? {} : { user: `${decoded(username)}:${decoded(password)}` }),
    remarks: sayOpen(open),
  };
}

/** `/api/v3`: where the document itself comes from says the host, and that is not known here. */
function relativeServer({ url, open }: Filled): Server | undefined {
  const parsed = URL.parse(url.replace(expressions, 'x'), nowhere);
  if (url.startsWith('//')) return withScheme(wholeServer({ url: `https:${url}`, open }));
  if (parsed?.origin !== nowhere || parsed.pathname === '/') return undefined;
  const path = `/${withoutEnd(url).replace(/^[./]+/, '')}`;
  const message = `The document's server is relative: give the environment a variable api_host, with the scheme and host before ${path.slice(0, 200)}.`;
  return { url: `{$env.api_host}${path}`, remarks: [message, ...sayOpen(open)] };
}

const withScheme = (server: Server | undefined): Server | undefined =>
  server && { ...server, remarks: [...server.remarks, "The server's URL had no scheme: https was taken."] };

function withoutEnd(url: string): string {
  let end = url.length;
  while (url[end - 1] === '/') end -= 1;
  return url.slice(0, end);
}

const sayOpen = (names: readonly string[]): string[] =>
  [...new Set(names)].map(
    (name) => `The server's variable "${name}" has no value in the document: give the environment a variable ${name}.`,
  );
