/** What a copy of a conversation takes over from its original, by table: everything but the conversation's id. */
export const copiedColumns = {
  conversation: `account_id, bot_id, bot_version, channel, locale, consumer_id, session_hash, browser_hash, status, state, epoch,
    lease_owner, lease_until, last_seq, last_position, last_trace, turn, generation, wrong_codes, created_at, touched_at`,
  event: 'seq, at, type, body',
  trace: 'n, turn, at, body',
  inbox: 'message_id, position, kind, body, body_hash, seq, tries, created_at, done_at',
} as const;
