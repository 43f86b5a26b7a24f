import { expect } from 'vitest';

/** The answer is a problem document of the contract's shape, with this status and code. Gives its places. */
export async function expectProblem(
  answer: Response,
  status: number,
  code: string,
): Promise<{ pointer: string; detail: string }[]> {
  const body = await answer.json();
  expect({ status: answer.status, code: body.code, text: JSON.stringify(body) }).toMatchObject({ status, code });
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(body).toMatchObject({
    type: expect.any(String),
    title: expect.any(String),
    status,
    code,
    detail: expect.any(String),
  });
  for (const place of body.errors ?? []) expect(place).toMatchObject({ pointer: expect.any(String) });
  return body.errors ?? [];
}
