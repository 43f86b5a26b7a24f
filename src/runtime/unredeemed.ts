import { maskHandles, tokenPlaceholder } from '../delegation/handles.ts';
import type { BuiltRequest } from '../integration/build-request.ts';

const tokenHandles = /errand:token:[A-Za-z0-9_-]*/g;
const signInHandles = /errand:sign-in:[A-Za-z0-9_-]*/g;

/** A request that carries no permission: in headers the seed's literal text goes out, elsewhere only `•••`. */
export function withoutToken<R extends BuiltRequest>(request: R): R {
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, value.replace(tokenHandles, tokenPlaceholder)]),
  );
  const masked = { ...request, headers, url: urlWithoutToken(request.url) };
  return request.body === undefined ? masked : { ...masked, body: maskHandles(request.body) };
}

/** A sign-in link is for the consumer's eyes: no integration ever carries one. */
export function withoutLinks<R extends BuiltRequest>(request: R): R {
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, value.replace(signInHandles, '-')]),
  );
  const url = request.url.replace(signInHandles, '-');
  const masked = { ...request, headers, url };
  return request.body === undefined ? masked : { ...masked, body: request.body.replace(signInHandles, '-') };
}

function urlWithoutToken(url: string): string {
  return url.includes('errand:') ? url.replace(tokenHandles, '-') : url;
}
