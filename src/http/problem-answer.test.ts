import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Problem, problemStatus } from '../world/problem.ts';
import { problemDocument, problemOf } from './problem-answer.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/problems.md'), 'utf8');
const documented = Object.fromEntries(
  [...page.matchAll(/^\| `(\w+)` \| (\d{3}) \|/gm)].map(([, code, status]) => [code, Number(status)]),
);

describe('problem documents', () => {
  test('docs/problems.md lists exactly the codes there are, each with its status', () => {
    expect(documented).toEqual({ ...problemStatus });
  });

  test('a problem document has what RFC 9457 and the contract ask for', () => {
    const problem = new Problem('invalid_body', 'The body is not valid.', [{ pointer: '/x', detail: 'unknown field' }]);
    expect(problemDocument(problem, 'req_1')).toEqual({
      type: 'urn:errand:problem:invalid_body',
      title: 'The request is not valid',
      status: 400,
      code: 'invalid_body',
      detail: 'The body is not valid.',
      errors: [{ pointer: '/x', detail: 'unknown field' }],
      request_id: 'req_1',
    });
  });

  test('what was not foreseen tells the caller nothing about itself', () => {
    const fault = problemOf(new Error('connect to postgres://errand:secret@db failed'));
    expect(problemDocument(fault)).toMatchObject({ status: 500, code: 'internal' });
    expect(JSON.stringify(problemDocument(fault))).not.toContain('secret');
    expect(problemOf('thrown text').code).toBe('internal');
  });
});
