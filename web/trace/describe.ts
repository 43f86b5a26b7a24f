/** What the trace says about an entry in one line. Pure, so that the words can be tested. */
import { contentButtons, contentText } from '../../src/bot/content/flatten.ts';
import { isRecord, listOf, numberOf, textOf } from '../shape.ts';
import type { TraceEntry } from './entry.ts';

export type Tone = 'plain' | 'good' | 'bad' | 'wait';

export interface Line {
  label: string;
  text: string;
  /** Smaller, behind the text: a pattern, a place in a script. */
  detail?: string;
  tone: Tone;
}

export const groups = ['messages', 'bot', 'calls', 'sign-in', 'logs'] as const;
export type Group = (typeof groups)[number];

const groupByKind: Record<string, Group> = {
  message: 'messages',
  call: 'calls',
  refresh: 'calls',
  sign_in: 'sign-in',
  log: 'logs',
  note: 'logs',
};

export function groupOfEntry({ kind }: TraceEntry): Group {
  return groupByKind[kind] ?? 'bot';
}

const speakers: Record<string, string> = { consumer: 'Consumer', agent: 'Team' };

type Describe = (fields: Record<string, unknown>) => Line;

const describers: Record<string, Describe> = {
  message: (fields) => ({
    label: speakers[shown(fields['from'])] ?? 'Bot',
    text: shown(fields['text']) || contentText(fields['content']).replaceAll('\n', ' · '),
    ...detail(choicesOf(fields)),
    tone: 'plain',
  }),
  matched: (fields) => ({
    label: 'Matched',
    text: `${shown(fields['by']).replace('_', ' ')} “${shown(fields['rule']) || name(fields, 'interaction')}” in ${name(fields, 'dialog')}`,
    ...detail(shown(fields['pattern'])),
    tone: fields['by'] === 'fallback' ? 'wait' : 'good',
  }),
  interaction: (fields) => ({
    label: 'Interaction',
    text: name(fields, 'interaction'),
    ...detail(`${shown(fields['interaction_type'])} in ${name(fields, 'dialog')}`),
    tone: 'plain',
  }),
  variable: (fields) => ({
    label: 'Variable',
    text: `${shown(fields['name'])} = ${JSON.stringify(fields['value'])}`,
    ...detail(shown(fields['scope'])),
    tone: 'plain',
  }),
  log: (fields) => ({
    label: `Log`,
    text: shown(fields['text']),
    ...detail(placeOf(fields)),
    tone: logTone(fields['level']),
  }),
  action: (fields) => ({ label: 'Then', text: actionText(fields['action']), tone: 'plain' }),
  guard: (fields) => ({ label: 'Guard', text: shown(fields['text']), tone: 'bad' }),
  note: (fields) => ({ label: 'Note', text: shown(fields['text']), tone: 'wait' }),
  refresh: (fields) => ({ label: 'Refresh', text: `Token refresh: ${shown(fields['result'])}`, tone: 'good' }),
  understood: (fields) => ({
    label: 'Understood',
    text: listOf(fields['intents'], intentOf).join(', ') || 'no intent',
    ...detail(listOf(fields['entities'], entityOf).join(', ')),
    tone: listOf(fields['intents'], intentOf).length > 0 ? 'good' : 'plain',
  }),
  transfer: (fields) => ({
    label: 'Transfer',
    text: ['hand-over', shown(fields['status']), shown(fields['skill']) && `to “${shown(fields['skill'])}”`]
      .filter(Boolean)
      .join(' '),
    ...detail(shown(fields['agent'])),
    tone: transferTones[shown(fields['status'])] ?? 'plain',
  }),
  route: (fields) => ({
    label: 'Route',
    text: `to the bot “${shown(fields['bot_name']) || told(shown(fields['bot_id']))}”`,
    ...detail(fields['bot_version'] === undefined ? '' : `version ${shown(fields['bot_version'])}`),
    tone: 'good',
  }),
  context: (fields) => ({ label: 'Context', ...contextOf(fields), tone: 'plain' }),
  file: (fields) => ({
    label: 'File',
    text: shown(fields['name']),
    ...detail(compact(fields, ['name'])),
    tone: 'plain',
  }),
  escalation_event: (fields) => ({
    label: 'Escalation',
    text: shown(fields['message']),
    ...detail(shown(fields['target'])),
    tone: 'wait',
  }),
  custom_event: (fields) => ({
    label: 'Event',
    text: `${shown(fields['name'])} ${shown(fields['message'])}`.trim(),
    tone: 'plain',
  }),
};

/** An entry of a kind that is not known is told by its fields. */
export function describe({ kind, fields }: TraceEntry): Line {
  const known = describers[kind];
  return known ? known(fields) : { label: kind, text: compact(fields), tone: 'plain' };
}

/** The tone of a call or a sign-in by how it ended. */
export function outcomeTone(outcome: string): Tone {
  if (outcome === '' || outcome === 'offered') return 'wait';
  return outcome === 'success' || outcome === 'granted' ? 'good' : 'bad';
}

function logTone(level: unknown): Tone {
  if (level === 'error') return 'bad';
  return level === 'warn' ? 'wait' : 'plain';
}

/** Where a script said it: hook, interaction, line and column in the author's text. */
function placeOf(fields: Record<string, unknown>): string {
  const place = [fields['hook'], fields['line'], fields['column']].filter((part) => part !== undefined).join(':');
  return [place, name(fields, 'interaction')].filter(Boolean).join(' · ');
}

function actionText(action: unknown): string {
  if (!isRecord(action)) return shown(action);
  return `${shown(action['go'])} ${told(shown(action['id']))}`.trim().replaceAll('_', ' ');
}

const transferTones: Record<string, Tone> = { requested: 'wait', accepted: 'good', failed: 'bad' };

function intentOf(intent: unknown): string | undefined {
  if (!isRecord(intent)) return undefined;
  const score = numberOf(intent['score']);
  const rank = shown(intent['rank']).replace('_', ' ');
  const certain = [score === undefined ? '' : score.toFixed(2), rank].filter(Boolean).join(', ');
  return `“${shown(intent['name']) || shown(intent['id'])}”${certain && ` (${certain})`}`;
}

function entityOf(entity: unknown): string | undefined {
  return isRecord(entity) ? `@${shown(entity['entity'])}: ${shown(entity['value'])}` : undefined;
}

/** A change of the context service: what was done, to which name of whose namespace. */
function contextOf(fields: Record<string, unknown>): { text: string; detail?: string } {
  const change = isRecord(fields['change']) ? fields['change'] : fields;
  const place = [change['of'], change['namespace'], change['name']].map(shown).filter(Boolean).join('.');
  const value = change['value'] === undefined ? '' : ` = ${JSON.stringify(change['value'])}`;
  return { text: `${shown(fields['op']).replaceAll('_', ' ')} ${place}${value}`.trim() };
}

/** The buttons and quick replies that a message came with. */
function choicesOf(fields: Record<string, unknown>): string {
  const labels = [fields['buttons'], fields['quick_replies']].flatMap((choices) =>
    listOf(choices, (choice) => (isRecord(choice) ? (textOf(choice['label']) ?? textOf(choice['title'])) : undefined)),
  );
  const tapped = contentButtons(fields['content']).map(({ label }) => label);
  return [...tapped, ...labels].map((label) => `[${label}]`).join(' ');
}

const longId = /^[0-9a-f-]{24,}$/i;

/** What an author calls it, where the trace knows. */
function name(fields: Record<string, unknown>, what: 'dialog' | 'interaction'): string {
  return told(textOf(fields[`${what}_name`]) ?? shown(fields[what]));
}

/** An id of an imported bot is cut to what can be told apart. */
function told(id: string): string {
  return longId.test(id) ? `${id.slice(0, 8)}…` : id;
}

function shown(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function detail(text: string): { detail?: string } {
  return text ? { detail: text } : {};
}

/** Fields as text, but those to `leave` out. */
export function compact(fields: Record<string, unknown>, leave: string[] = []): string {
  return Object.entries(fields)
    .filter(([field]) => !leave.includes(field))
    .map(([field, value]) => `${field}: ${shown(value)}`)
    .join(', ');
}
