import { type Static } from 'typebox';
import Type from 'typebox';
import { Id, Name, named, Time } from './common.ts';

export const AccountInput = named('AccountInput', { name: Name });
export const AccountCreated = named('AccountCreated', {
  id: Id,
  name: Type.String(),
  api_key: Type.String({ description: 'Shown once; only its keyed hash is stored' }),
  created_at: Time,
});
export const Account = named('Account', { id: Id, name: Type.String(), created_at: Time });
export type Account = Static<typeof Account>;

export const AccountParams = Type.Object({ account_id: Type.String() });
/** Of every resource of an account. */
export const ResourceParams = Type.Object({ account_id: Type.String(), id: Type.String() });
