/** The ten-minute story as steps, and which of them the trace shows to be done. */
import { isRecord, textOf } from '../shape.ts';
import type { TraceEntry } from '../trace/entry.ts';

export interface StoryStep {
  id: string;
  title: string;
  detail: string;
  /** Whether the trace of the conversation proves it. */
  proven(entries: readonly TraceEntry[]): boolean;
}

const field = (entry: TraceEntry, name: string): string => textOf(entry.fields[name]) ?? '';
const isCall = (entry: TraceEntry, outcome: string) => entry.kind === 'call' && field(entry, 'outcome') === outcome;
const methodOf = ({ fields }: TraceEntry) =>
  isRecord(fields['request']) ? textOf(fields['request']['method']) : undefined;
const signIn = (entry: TraceEntry, outcome: string) => entry.kind === 'sign_in' && field(entry, 'outcome') === outcome;
const mentions = (entry: TraceEntry, what: string) =>
  entry.kind === 'call' && JSON.stringify(entry.fields['steps'] ?? '').includes(what);
const never = () => false;

export const story: readonly StoryStep[] = [
  {
    id: 'ask',
    title: 'Ask for the order',
    detail: 'Write “where is my order?” in the chat.',
    proven: (entries) => entries.some((entry) => entry.kind === 'sign_in' || isCall(entry, 'success')),
  },
  {
    id: 'sign-in',
    title: 'Sign in at the demo brand',
    detail: 'Tap Login and use one of the demo sign-ins below. Allow what the brand asks.',
    proven: (entries) => entries.some((entry) => signIn(entry, 'granted')),
  },
  {
    id: 'answer',
    title: 'Watch the chat go on by itself',
    detail: 'The order appears. Open the call in the trace: the token is •••.',
    proven: (entries) => entries.some((entry) => isCall(entry, 'success')),
  },
  {
    id: 'expire',
    title: 'Expire the token, ask again',
    detail: 'It is refreshed in silence; the trace shows it.',
    proven: (entries) => entries.some((entry) => entry.kind === 'refresh' || mentions(entry, 'refresh')),
  },
  {
    id: 'cancel',
    title: 'Write “cancel my order”',
    detail: 'Asked once, done once.',
    proven: (entries) =>
      entries.some((entry) => isCall(entry, 'success') && !['GET', 'HEAD', undefined].includes(methodOf(entry))),
  },
  {
    id: 'revoke',
    title: 'Revoke, ask again',
    detail: 'The bot has to ask for permission anew.',
    // A permission that was good before is refused, and a sign-in follows. A larger permission needs no refused call.
    proven: (entries) => {
      const granted = entries.findIndex((entry) => signIn(entry, 'granted'));
      const since = granted === -1 ? [] : entries.slice(granted);
      const refused = since.findIndex((entry) => entry.kind === 'call' && field(entry, 'outcome') !== 'success');
      return (
        refused !== -1 &&
        since.slice(refused).some((entry) => entry.kind === 'sign_in' && field(entry, 'status') === 'offered')
      );
    },
  },
  {
    id: 'stranger',
    title: 'Open the link as a stranger',
    detail: 'While a sign-in is open: a browser that did not ask gets no further than a code page.',
    proven: never,
  },
  {
    id: 'refuse',
    title: 'Refuse at the brand',
    detail: 'Press Refuse on its consent page: the bot takes the refused branch.',
    proven: (entries) => entries.some((entry) => signIn(entry, 'declined')),
  },
  {
    id: 'reload',
    title: 'Reload in the middle of a login',
    detail: 'Nothing is lost; finish the login and it goes on.',
    proven: never,
  },
  {
    id: 'outage',
    title: 'Take the provider down, ask again',
    detail: 'An outage message, and no Login.',
    proven: (entries) =>
      entries.some(
        (entry) =>
          (entry.kind === 'call' || entry.kind === 'note') &&
          /provider_unavailable|provider does not answer/.test(JSON.stringify(entry.fields)),
      ),
  },
];
