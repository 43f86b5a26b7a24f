import Type, { type Static } from 'typebox';
import { closed, named, page, Time } from './common.ts';

export const AuditEntry = named('AuditEntry', {
  seq: Type.Integer(),
  at: Time,
  actor: Type.String(),
  action: Type.String(),
  subject: Type.String(),
  details: Type.Unknown(),
  previous_hash: Type.String(),
  hash: Type.String(),
});
export type AuditEntry = Static<typeof AuditEntry>;
export const AuditPage = page('AuditPage', AuditEntry);
export const AuditVerdict = Type.Object(
  {
    intact: Type.Boolean(),
    entries: Type.Integer(),
    head: Type.Optional(
      Type.Object(
        { seq: Type.Integer(), hash: Type.String() },
        { description: 'Keep it elsewhere: it shows a chain that was cut or written anew' },
      ),
    ),
    why: Type.Optional(Type.String()),
    first_bad_seq: Type.Optional(
      Type.Integer({ description: 'The first entry whose hash or place in the chain is wrong' }),
    ),
  },
  { ...closed, title: 'AuditVerdict' },
);
