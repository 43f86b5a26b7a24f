/** Pays what is owed to providers. A provider or an account that hangs takes its own few places, never everybody's. */
import { providerById, type ProviderRow } from '../store/consumer-credential.ts';
import { type Busy, claimOutbox, finishOutbox, giveUpOutbox, type OutboxRow, postponeOutbox } from '../store/outbox.ts';
import type { Secret } from '../world/secret.ts';
import { providerMark } from './configured.ts';
import type { Parts } from './parts.ts';
import type { Provider } from './provider.ts';
import { readQuarantine } from './quarantine.ts';
import { type Owed, recordEnd } from './revocation.ts';
import { tokenRequest } from './token-request.ts';

/** Longer than discovery and two requests take, so a living owner never loses its claim. ms. */
const claimFor = 45_000;
const http = 8_000;
const firstDelay = 2_000;
const longestDelay = 15 * 60_000;
const giveUpAfter = 48 * 3_600_000;
/** How many at once in this process. */
const places = { provider: 2, account: 4, all: 16 };

export interface Revoker {
  /** Begins all that is due and has a place; resolves when nothing is on its way any more. */
  run(): Promise<void>;
  isRunning(): boolean;
}

export function createRevoker(parts: Parts): Revoker {
  const sending = new Map<string, { row: OutboxRow; done: Promise<void> }>();
  let filling: Promise<void> = Promise.resolve();

  /** One after the other, so that each claim sees the places that are taken. Never rejects. */
  function fill(): Promise<void> {
    filling = filling.then(fillNow).catch((error: unknown) => {
      parts.world.log.error({ error: String(error) }, 'claiming revocations failed');
    });
    return filling;
  }

  async function fillNow(): Promise<void> {
    while (sending.size < places.all) {
      const row = await claim(parts, [...sending.values()]);
      if (!row) return;
      sending.set(row.id, { row, done: send(row) });
    }
  }

  async function send(row: OutboxRow): Promise<void> {
    try {
      await sendOne(parts, row);
    } catch (error) {
      parts.world.log.error({ outbox: row.id, error: String(error) }, 'revocation failed');
    }
    sending.delete(row.id);
    await fill();
  }

  return {
    async run() {
      await fill();
      while (sending.size > 0) await Promise.race([...sending.values()].map(({ done }) => done));
    },
    isRunning: () => sending.size > 0,
  };
}

function claim(parts: Parts, sending: { row: OutboxRow }[]): Promise<OutboxRow | undefined> {
  const now = parts.world.clock.now();
  const rows = sending.map((one) => one.row);
  const busy: Busy = {
    accounts: full(
      rows.map((row) => row.account_id),
      places.account,
    ),
    providers: full(
      rows.map((row) => row.identity_provider_id ?? ''),
      places.provider,
    ),
  };
  return parts.db.write((tx) => claimOutbox(tx, { now, until: now + claimFor, busy }));
}

/** Those of the ids that stand there so often that there is no place left. */
function full(ids: string[], most: number): string[] {
  return [...new Set(ids)].filter((id) => ids.filter((other) => other === id).length >= most);
}

/** `not_offered`: the provider has no way to revoke it. `hopeless`: what is owed cannot be read. */
type Result = 'done' | 'later' | 'not_offered' | 'hopeless';

async function sendOne(parts: Parts, row: OutboxRow): Promise<void> {
  const result = await revoke(parts, row).catch((error: unknown): Result => {
    parts.world.log.error({ outbox: row.id, error: String(error) }, 'revocation failed');
    return 'hopeless';
  });
  parts.world.failpoint?.('revoke.sent');
  const now = parts.world.clock.now();
  if (result === 'later' && now - row.created_at < giveUpAfter) {
    const delay = Math.min(firstDelay * 2 ** Math.min(row.tries, 12), longestDelay);
    await parts.db.write((tx) => postponeOutbox(tx, row, now + delay));
    return;
  }
  await parts.db.write(async (tx) => {
    const isDone = result === 'done' || result === 'not_offered';
    const isOurs = isDone ? await finishOutbox(tx, row, now) : await giveUpOutbox(tx, row, now);
    if (!isOurs || result === 'done') return;
    const action = isDone ? 'revocation.not_offered' : 'revocation.gave_up';
    await recordEnd(tx, row, { at: now, action, why: result === 'later' ? 'never answered as it should' : result });
  });
  parts.world.log.info({ outbox: row.id, result, tries: row.tries }, 'revocation ended');
}

async function revoke(parts: Parts, row: OutboxRow): Promise<Result> {
  // Written by `owe` only.
  const owed = JSON.parse(row.body) as Owed;
  const { tokens, from } = await tokensOf(parts, owed);
  const provider = await parts.providers.resolve(await configurationOf(parts, from));
  if ('failed' in provider) return 'later';
  if (provider.revocation_endpoint === null) return 'not_offered';
  const results: Result[] = [];
  for (const token of tokens) {
    const result = await revokeOne(parts, { ...token, provider, url: provider.revocation_endpoint });
    if (result === 'later') return 'later';
    results.push(result);
  }
  return results.includes('done') ? 'done' : 'not_offered';
}

/** As it is now, with a secret that was renewed, where it is still the same place; else as it was. */
async function configurationOf(parts: Parts, from: ProviderRow): Promise<ProviderRow> {
  const now = await providerById(parts.db, from.account_id, from.id);
  return now && providerMark(now) === providerMark(from) ? now : from;
}

/**
 * 200 is the only success, also for a token the provider does not know (RFC 7009 section 2.2). Of the errors only
 * `unsupported_token_type` is about the token; 401 and the rest are about us or the day, so it is tried again.
 */
async function revokeOne(
  parts: Parts,
  given: { hint: string; token: Secret; provider: Provider; url: string },
): Promise<Result> {
  const { hint, token, provider, url } = given;
  const form = { token: token.reveal(), token_type_hint: hint };
  const answer = await tokenRequest(parts.egress, provider, { url, form, timeout_ms: http });
  if ('failed' in answer) return 'later';
  if (answer.status >= 200 && answer.status < 300) return 'done';
  const isUnsupported = answer.status === 400 && errorOf(answer.body) === 'unsupported_token_type';
  parts.world.log.warn({ provider: provider.id, status: answer.status }, 'provider refused a revocation');
  return isUnsupported ? 'not_offered' : 'later';
}

function errorOf(body: string): unknown {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && 'error' in value ? value.error : undefined;
  } catch {
    return undefined;
  }
}

interface Given {
  tokens: { hint: string; token: Secret }[];
  from: ProviderRow;
}

/** The refresh token first: with it the provider ends the whole grant. */
async function tokensOf(parts: Parts, owed: Owed): Promise<Given> {
  if (owed.from === 'quarantine') {
    const { refresh_token, access_token, provider } = readQuarantine(
      await parts.vault.open(owed.quarantine, owed.owner),
    );
    return { tokens: present(refresh_token, access_token), from: provider };
  }
  const open = async (sealed: string | null, field: string) =>
    sealed === null ? null : await parts.vault.open(sealed, { ...owed.owner, field });
  const refresh = await open(owed.refresh_token, 'connection.refresh_token');
  return { tokens: present(refresh, await open(owed.access_token, 'connection.access_token')), from: owed.provider };
}

function present(refresh: Secret | null, access: Secret | null): { hint: string; token: Secret }[] {
  return [
    ...(refresh ? [{ hint: 'refresh_token', token: refresh }] : []),
    ...(access ? [{ hint: 'access_token', token: access }] : []),
  ];
}
