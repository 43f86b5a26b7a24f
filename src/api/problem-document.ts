import Type, { type Static } from 'typebox';
import { type ProblemCode, problemStatus } from '../world/problem.ts';
import { named } from './common.ts';

const codes = Object.keys(problemStatus).map((code) => Type.Literal(code));

/** RFC 9457, with the closed list of codes of `docs/problems.md`. */
export const ProblemDocument = named('Problem', {
  type: Type.String({ description: '`urn:errand:problem:` and the code' }),
  title: Type.String(),
  status: Type.Integer(),
  code: Type.Union(codes),
  detail: Type.String(),
  errors: Type.Optional(
    Type.Array(
      Type.Object({
        pointer: Type.String({ description: 'JSON pointer (RFC 6901) into the body, or the name of a parameter' }),
        detail: Type.String(),
      }),
    ),
  ),
  request_id: Type.Optional(Type.String()),
});
export type ProblemDocument = Omit<Static<typeof ProblemDocument>, 'code'> & { code: ProblemCode };
