/** From an integration and the variables of this moment to the one request that goes out. Pure. */
import type { Integration } from '../bot/document.ts';
import type { VariableView } from '../engine/step.ts';
import type { Json } from '../world/json.ts';
import { type Caller, functionBody } from './function-request.ts';
import { createPlacing, encodings } from './place.ts';
import { placeBody } from './place-body.ts';
import { placeUrl } from './place-url.ts';
import type { Upload, UploadedFile } from './upload.ts';

export interface BuiltRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
  body?: string;
  /** In place of a body: the file that is taken on, and the form around it. */
  upload?: Upload;
  timeout_ms: number;
  /** How often it may be sent again; the usual number where it is not said. */
  retries?: number;
}

export interface ToBuild {
  integration: Integration;
  view: VariableView;
  /** Exact origins that a host made of variables may have: the credential's. */
  origins?: readonly string[];
  /** The one header in which a token handle may stand, because the credential redeems it there. */
  token_header?: string;
  /** Needed by a function. */
  caller?: Caller;
  /** What the platform tells a function in place of the author's body. */
  payload?: Json;
  /** Needed by an integration that takes on a file. */
  file?: UploadedFile;
}

export type Built = { request: BuiltRequest } | { refused: 'misconfigured' | 'blocked'; reason: string };

/** LivePerson's limit for a call with all its retries. */
const longestCallMs = 20_000;

/**
 * Encodes by position, expands once, and refuses instead of sending something the author did not write. Without a
 * connection the seed's placeholder goes out as literal text, as it must.
 */
export function buildRequest(build: ToBuild): Built {
  const { integration, view } = build;
  const url = placeUrl(integration, view, build.origins ?? []);
  if ('refused' in url) return url;
  const headers = placeHeaders(build);
  if ('problem' in headers) return { refused: 'misconfigured', reason: headers.problem };
  const request: BuiltRequest = {
    method: methodOf(integration),
    url: url.url,
    headers,
    timeout_ms: integration.timeout_ms ?? longestCallMs,
    ...(integration.retries === undefined ? {} : { retries: integration.retries }),
  };
  return withBody[integration.type](build, request);
}

const withBody: Record<Integration['type'], (build: ToBuild, request: BuiltRequest) => Built> = {
  api({ integration, view }, request) {
    if (!integration.body || request.method === 'GET' || request.method === 'HEAD') return { request };
    const body = placeBody(integration.body, view, request.headers['content-type']);
    if ('problem' in body) return misconfigured(body.problem);
    return { request: { ...request, headers: { ...request.headers, 'content-type': body.type }, body: body.body } };
  },
  function({ caller, ...build }, request) {
    if (!caller) return misconfigured('A function is called from a conversation.');
    const body = functionBody({ ...build, caller });
    if ('problem' in body) return misconfigured(body.problem);
    return { request: { ...request, headers: { ...request.headers, 'content-type': 'application/json' }, ...body } };
  },
  file({ integration, view, file }, request) {
    if (!file) return misconfigured('There is no file to send: a file upload has to come before.');
    const placing = createPlacing(view, 'form');
    const fields = (integration.parameters ?? []).map(
      ({ key, value }) => [placing.all(key, encodings.raw), placing.all(value, encodings.raw)] as const,
    );
    const problem = placing.problems[0];
    return problem ? misconfigured(problem) : { request: { ...request, upload: { file, fields } } };
  },
};

const misconfigured = (reason: string): Built => ({ refused: 'misconfigured', reason });

/** Functions and files are always posted, whatever the document says. */
export function methodOf({ type, method }: Pick<Integration, 'type' | 'method'>): Integration['method'] {
  return type === 'api' ? method : 'POST';
}

/** GET and HEAD may always be sent again, and what the author declared so. */
export function isRepeatable(integration: Integration): boolean {
  const method = methodOf(integration);
  return method === 'GET' || method === 'HEAD' || integration.repeatable === true;
}

/** Names in lower case. */
function placeHeaders({ integration, view, token_header }: ToBuild): Record<string, string> | { problem: string } {
  const headers = new Map<string, string>();
  for (const { key, value } of integration.headers ?? []) {
    const name = key.trim().toLowerCase();
    const placing = createPlacing(view, `header ${name}`, true);
    const placed = placing.all(value.trim(), encodings.raw);
    const problem = placing.problems[0] ?? headerProblem(name, placed, token_header);
    if (problem) return { problem };
    if (headers.has(name)) return { problem: `The header ${name} is there twice.` };
    headers.set(name, placed);
  }
  return { accept: 'application/json, */*;q=0.5', ...Object.fromEntries(headers) };
}

function headerProblem(name: string, value: string, token_header: string | undefined): string | undefined {
  if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name)) return 'A header has a name that is not allowed.';
  if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) return `The header ${name} has a character that a header cannot carry.`;
  if (value.includes('errand:sign-in:'))
    return `The header ${name} has a sign-in link in it, which only the consumer may get.`;
  if (value.includes('errand:token:') && name !== token_header?.toLowerCase()) {
    return `The header ${name} has the consumer's token in it, but no credential of this integration sends it there.`;
  }
  return undefined;
}
