import { maskTokenHandles } from '../delegation/handles.ts';
import { attemptIdsOf } from '../store/attempt.ts';
import type { EventRow } from '../store/event.ts';
import type { Json } from '../world/json.ts';
import { fillEvent } from './fill-event.ts';
import type { Rooms } from './parts.ts';
import type { WireEvent } from './runtime.ts';

/**
 * Events as the conversation's own session sees them: here, and nowhere else, a sign-in handle becomes a link, and only
 * one of this conversation, where people read or tap it. What people wrote stays as it was written.
 */
export async function deliver(rooms: Rooms, conversationId: string, rows: readonly EventRow[]): Promise<WireEvent[]> {
  const hasLinks = rows.some((row) => row.body.includes('errand:sign-in:'));
  const own = new Set(hasLinks ? await attemptIdsOf(rooms.db, conversationId) : []);
  const linkFor = (attemptId: string) => (own.has(attemptId) ? rooms.delegation.linkFor(attemptId) : '');
  return rows.map((row) => {
    const fromPerson = /^\{"from":"(?:consumer|agent)"/.test(row.body);
    const written = bodyOf(fromPerson ? row.body : maskTokenHandles(row.body));
    const body = fromPerson || !row.body.includes('errand:') ? written : fillEvent(written, linkFor);
    return { ...body, seq: row.seq, at: new Date(row.at).toISOString(), type: row.type };
  });
}

function bodyOf(text: string): { [key: string]: Json } {
  // The column is written by `insertEvent` only, from a plain object.
  return JSON.parse(text) as { [key: string]: Json };
}
