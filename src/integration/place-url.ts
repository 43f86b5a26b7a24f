/** The URL of a call: values fill path segments and the query, and cannot move it to another host (X1, SS-12). */
import type { Integration } from '../bot/document.ts';
import type { VariableView } from '../engine/step.ts';
import { createPlacing, type Encode, encodings } from './place.ts';

export type PlacedUrl = { url: string } | { refused: 'misconfigured' | 'blocked'; reason: string };

/**
 * `origins`: where the call may go when its host comes from variables, which may hold what a consumer wrote.
 * The environment's values are the operator's own: they may be a host, and stand as they are.
 */
export function placeUrl(integration: Integration, view: VariableView, origins: readonly string[]): PlacedUrl {
  const placing = createPlacing(view, 'URL');
  const { host, path, query } = splitUrl(integration.url.trim());
  const placedHost = placing.all(host, encodings.raw);
  const segments = path
    .split(segmentEnds)
    .map((segment) => placeSegment(segment, (text) => placing.place(text, encodeAt)));
  if (segments.includes(undefined))
    placing.problems.push('A variable in the URL would lead out of its place in the path.');
  const placedQuery = placing.place(query, encodeAt);
  // Of a file's integration they are fields of its form.
  const inQuery = integration.type === 'file' ? [] : (integration.parameters ?? []);
  const parameters = inQuery.map(({ key, value }) =>
    [key, value].map((text) => encodings.url(placing.all(text, encodings.raw).toWellFormed())).join('='),
  );
  const text = withParameters(`${placedHost}${segments.join('/')}${placedQuery}`, parameters);
  const problem = placing.problems[0];
  if (problem) return { refused: 'misconfigured', reason: problem };
  return checkHost(text, { host, placedHost, origins });
}

/** A slash that is not inside an expression. */
const segmentEnds = /\/(?![^{}/?#]*\})/;

/** The end of the host is the first `/`, `?` or `#` after the scheme; expressions count as a whole. */
function splitUrl(template: string): { host: string; path: string; query: string } {
  const whole =
    /^((?:[a-z][a-z0-9+.-]*:\/\/)?(?:\{[^{}\r\n]{1,200}\}|[^/?#])*)((?:\{[^{}\r\n]{1,200}\}|[^?#])*)(.*)$/is.exec(
      template,
    );
  return { host: whole?.[1] ?? '', path: whole?.[2] ?? '', query: whole?.[3] ?? '' };
}

function encodeAt(expression: string): Encode {
  return isEnvironment(expression) ? encodings.raw : encodings.url;
}

/** Undefined when a value makes the segment `.` or `..`, which a URL parser walks up (percent-encoded dots too). */
function placeSegment(segment: string, place: (text: string) => string): string | undefined {
  const placed = place(segment);
  return placed !== segment && /^(?:\.|%2e){1,2}$/i.test(placed) ? undefined : placed;
}

function withParameters(url: string, parameters: string[]): string {
  if (parameters.length === 0) return url;
  const joint = url.includes('?') ? (/[?&]$/.test(url) ? '' : '&') : '?';
  return `${url}${joint}${parameters.join('&')}`;
}

function checkHost(text: string, from: { host: string; placedHost: string; origins: readonly string[] }): PlacedUrl {
  const url = URL.parse(text);
  if (!url) return { refused: 'misconfigured', reason: 'The URL is not valid.' };
  if (URL.parse(from.placedHost)?.origin !== url.origin)
    return { refused: 'misconfigured', reason: 'The URL is not valid.' };
  const expressions = from.host.match(/\{[^{}\r\n]{1,200}\}/g) ?? [];
  const declared = from.origins.some((origin) => URL.parse(origin)?.origin === url.origin);
  if (!expressions.every(isEnvironment) && !declared) {
    return { refused: 'blocked', reason: "The URL's host comes from a variable, and its origin is not declared." };
  }
  return { url: text };
}

function isEnvironment(expression: string): boolean {
  return expression.startsWith('{$env.');
}
