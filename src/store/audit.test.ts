import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Secret } from '../world/secret.ts';
import { appendAudit, auditHead, listAudit, verifyAudit } from './audit.ts';
import { type AuditEntry, auditHash, canonicalJson, genesisHash } from './audit-chain.ts';
import type { Database } from './database.ts';
import { testDatabases } from './test-database.ts';

const entry = (account_id: string, subject: string): Omit<AuditEntry, 'seq'> => ({
  account_id,
  at: 1_700_000_000_000,
  actor: 'key:k1',
  action: 'credential.created',
  subject,
  details: { name: 'Orders', origins: ['https://api.example'] },
});

test('canonical JSON is the same whatever the order of the keys, and differs for different values', () => {
  expect(canonicalJson({ b: 1, a: [true, null, 'x'] })).toBe('{"a":[true,null,"x"],"b":1}');
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const turned = Object.fromEntries(Object.entries(value).reverse());
      expect(canonicalJson(JSON.parse(JSON.stringify(turned)))).toBe(canonicalJson(JSON.parse(JSON.stringify(value))));
      expect(JSON.parse(canonicalJson(JSON.parse(JSON.stringify(value))))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

describe.each(await testDatabases())('DP-09 the audit chain on $kind', ({ open }) => {
  let db: Database;
  let account = '';
  let made = 0;
  beforeAll(async () => {
    db = await open();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    made += 1;
    account = `acc_${made}`;
    for (let i = 1; i <= 8; i += 1) await db.write((tx) => appendAudit(tx, entry(account, `s${i}`)));
  });

  const tamper = (sql: string, ...values: (string | number)[]) => db.write((tx) => tx.run(sql, ...values));
  const rows = () =>
    db.all<{ seq: number; hash: string; previous_hash: string }>(
      'SELECT seq, hash, previous_hash FROM audit WHERE account_id = ? ORDER BY seq',
      account,
    );

  test('an untouched chain is intact and anyone can compute its hashes', async () => {
    const head = await auditHead(db, account);
    expect(await verifyAudit(db, account, head)).toEqual({ intact: true, entries: 8, head });
    const [first] = await rows();
    expect(first).toMatchObject({
      previous_hash: genesisHash,
      hash: auditHash(genesisHash, { ...entry(account, 's1'), seq: 1 }),
    });
    expect(await verifyAudit(db, 'nobody')).toMatchObject({ intact: true, entries: 0 });
  });

  test('writers at once, also in one commit, get one gapless chain each account', async () => {
    const other = `${account}_other`;
    await Promise.all(
      Array.from({ length: 30 }, (_, i) => db.write((tx) => appendAudit(tx, entry(i % 3 ? account : other, `p${i}`)))),
    );
    expect(await verifyAudit(db, account)).toMatchObject({ intact: true, entries: 28 });
    expect(await verifyAudit(db, other)).toMatchObject({ intact: true, entries: 10 });
  });

  test('an action that fails leaves no entry, and an entry that fails undoes the action', async () => {
    const failing = db.write(async (tx) => {
      await appendAudit(tx, entry(account, 'undone'));
      throw new Error('the action failed');
    });
    await expect(failing).rejects.toThrow('the action failed');
    expect(await verifyAudit(db, account)).toMatchObject({ intact: true, entries: 8 });
    const unrecorded = db.write(async (tx) => {
      await tx.run('INSERT INTO account (id, name, created_at) VALUES (?, ?, ?)', account, 'x', 1);
      await appendAudit(tx, entry(account, 'nul\0'));
    });
    await expect(unrecorded).rejects.toThrow();
    expect(await db.get('SELECT id FROM account WHERE id = ?', account)).toBeUndefined();
  });

  test.each(['at = 1', "actor = 'x'", "action = 'x'", "subject = 'x'", "details = '{}'", "details = 'no json'"])(
    'an edit (%s) is found at its row',
    async (change) => {
      await tamper(`UPDATE audit SET ${change} WHERE account_id = ? AND seq = 5`, account);
      expect(await verifyAudit(db, account)).toMatchObject({ intact: false, first_bad_seq: 5, why: 'changed' });
    },
  );

  test('an edit with its hash made anew is found at the next row', async () => {
    const [, , , , fifth] = await rows();
    const hash = auditHash(fifth?.previous_hash ?? '', { ...entry(account, 'forged'), seq: 5 });
    await tamper("UPDATE audit SET subject = 'forged', hash = ? WHERE account_id = ? AND seq = 5", hash, account);
    expect(await verifyAudit(db, account)).toMatchObject({ intact: false, first_bad_seq: 6, why: 'out_of_place' });
  });

  test('a deleted row, two rows exchanged and an inserted row are found', async () => {
    await tamper('DELETE FROM audit WHERE account_id = ? AND seq = 4', account);
    expect(await verifyAudit(db, account)).toMatchObject({ intact: false, first_bad_seq: 4, why: 'missing' });
    await tamper('UPDATE audit SET seq = seq - 1 WHERE account_id = ? AND seq = 5', account);
    expect(await verifyAudit(db, account)).toMatchObject({ intact: false, first_bad_seq: 4, why: 'out_of_place' });
  });

  test('exchanged rows are found at the first of them', async () => {
    await tamper('UPDATE audit SET seq = 99 WHERE account_id = ? AND seq = 3', account);
    await tamper('UPDATE audit SET seq = 3 WHERE account_id = ? AND seq = 4', account);
    await tamper('UPDATE audit SET seq = 4 WHERE account_id = ? AND seq = 99', account);
    expect(await verifyAudit(db, account)).toMatchObject({ intact: false, first_bad_seq: 3, why: 'out_of_place' });
  });

  test('a cut tail is found by the head, and cut together with the head by the anchor', async () => {
    const anchor = await auditHead(db, account);
    const [, , , , , sixth] = await rows();
    await tamper('DELETE FROM audit WHERE account_id = ? AND seq > 6', account);
    expect(await verifyAudit(db, account)).toMatchObject({ intact: false, first_bad_seq: 7, why: 'missing' });
    await tamper('UPDATE audit_head SET seq = 6, hash = ? WHERE account_id = ?', sixth?.hash ?? '', account);
    expect(await verifyAudit(db, account)).toMatchObject({ intact: true });
    expect(await verifyAudit(db, account, anchor)).toMatchObject({ intact: false, first_bad_seq: 7, why: 'missing' });
  });

  test('a chain written anew is found by the head, and with a new head by the anchor', async () => {
    const anchor = await auditHead(db, account);
    await tamper('DELETE FROM audit WHERE account_id = ?', account);
    await tamper('DELETE FROM audit_head WHERE account_id = ?', account);
    for (let i = 1; i <= 9; i += 1) await db.write((tx) => appendAudit(tx, entry(account, `forged${i}`)));
    expect(await verifyAudit(db, account)).toMatchObject({ intact: true });
    expect(await verifyAudit(db, account, anchor)).toMatchObject({
      intact: false,
      first_bad_seq: 8,
      why: 'not_the_anchor',
    });
    await tamper('UPDATE audit_head SET hash = ? WHERE account_id = ?', anchor.hash, account);
    expect(await verifyAudit(db, account)).toMatchObject({ intact: false, first_bad_seq: 9, why: 'not_the_anchor' });
  });

  test('the list is newest first, in pages, of one account; a secret in the details shows as •••', async () => {
    const details = JSON.parse(JSON.stringify({ client_secret: new Secret('CANARY') }));
    await db.write((tx) => appendAudit(tx, { ...entry(account, 's9'), details }));
    const first = await listAudit(db, account, { limit: 4 });
    expect(first.items.map(({ seq }) => seq)).toEqual([9, 8, 7, 6]);
    expect(first.items[0]?.details).toEqual({ client_secret: '•••' });
    const rest = await listAudit(db, account, { limit: 9, ...(first.next === null ? {} : { after: first.next }) });
    expect(rest.items.map(({ seq }) => seq)).toEqual([5, 4, 3, 2, 1]);
    expect(rest.next).toBeNull();
  });
});
