import type { FastifyError, FastifyReply } from 'fastify';
import type { ProblemDocument } from '../api/problem-document.ts';
import { Problem, type ProblemCode } from '../world/problem.ts';
import { invalidPlaces } from './invalid-places.ts';

const titles: Record<ProblemCode, string> = {
  invalid_body: 'The request is not valid',
  unauthorized: 'A valid token is required',
  forbidden: 'Not allowed',
  not_found: 'Not found',
  method_not_allowed: 'Method not allowed',
  conflict: 'Conflict with the present state',
  conversation_closed: 'The conversation is closed',
  message_id_reused: 'The message id was used for another message',
  precondition_failed: 'The resource has changed',
  body_too_large: 'The body is too large',
  unsupported_media_type: 'The content type is not supported',
  misdirected_request: 'This host is not served here',
  invalid_document: 'The bot document has errors',
  identity_provider_ambiguous: 'The identity provider is not clear',
  rate_limited: 'Too many requests',
  internal: 'Something went wrong',
  unavailable: 'Not available at the moment',
};

const byStatus: Record<number, ProblemCode> = {
  404: 'not_found',
  405: 'method_not_allowed',
  413: 'body_too_large',
  415: 'unsupported_media_type',
  429: 'rate_limited',
  503: 'unavailable',
};

/** What is wrong with a path that leads nowhere because of how it is written. */
const pathFaults: Partial<Record<string, string>> = {
  FST_ERR_BAD_URL: 'must be UTF-8, percent-encoded',
  FST_ERR_MAX_PARAM_LENGTH: 'has an id that is longer than any',
};

/** Anything thrown, as the one fault it is answered with. What we did not foresee tells the caller nothing. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (!isFrameworkError(error)) return new Problem('internal', 'The request could not be completed.');
  if (error.validation) return invalidInput(error);
  const unreadable = pathFaults[error.code];
  if (unreadable)
    return new Problem('invalid_body', 'The path is not valid.', [{ pointer: 'path', detail: unreadable }]);
  const status = error.statusCode ?? 500;
  const code = byStatus[status] ?? (status < 500 ? 'invalid_body' : 'internal');
  return new Problem(code, code === 'internal' ? 'The request could not be completed.' : frameworkDetail(error, code));
}

function invalidInput(error: FastifyError): Problem {
  const where = error.validationContext ?? 'body';
  return new Problem('invalid_body', `The ${where} is not valid.`, invalidPlaces(error.validation ?? []));
}

/** Own words for the usual cases: the framework's may repeat what the client sent. */
function frameworkDetail(error: FastifyError, code: ProblemCode): string {
  if (code === 'unsupported_media_type') return 'Bodies are application/json.';
  if (code === 'body_too_large') return 'The body is larger than this endpoint takes.';
  if (code === 'invalid_body') return 'The request could not be read.';
  return titles[code] ?? error.code;
}

function isFrameworkError(error: unknown): error is FastifyError {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('FST_');
}

export function problemDocument(problem: Problem, requestId?: string): ProblemDocument {
  return {
    type: `urn:errand:problem:${problem.code}`,
    title: titles[problem.code],
    status: problem.status,
    code: problem.code,
    detail: problem.message,
    ...(problem.errors.length > 0 ? { errors: [...problem.errors] } : {}),
    ...(requestId === undefined ? {} : { request_id: requestId }),
  };
}

/** Seconds. What is full, as the readers of a conversation can be, is free again at any moment; the limits per minute know better. */
const soon = 5;

export function answerProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer');
  if (problem.status === 429 && !reply.hasHeader('retry-after')) reply.header('retry-after', String(soon));
  return reply.code(problem.status).type('application/problem+json').send(problemDocument(problem, reply.request.id));
}
