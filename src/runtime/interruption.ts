/** What a consumer says while the bot is still answering: heard in its turn, unless the bot's environment says that it is not. */
import { sayIn } from './park.ts';
import { note, type Turn } from './turn.ts';

/** LivePerson's; ms. */
const usualTimeout = 15_000;
const silence = 'BLANK_MESSAGE';

/**
 * True: the message came while the bot was answering the one before, and its author lets such messages go unheard. It stays
 * in the transcript; what the bot has for this case is said once. Our default is the other way round than LivePerson's:
 * nothing that a consumer says is thrown away unless an author asks for it.
 */
export function isInterruption(turn: Turn, through: 'chat' | 'web_view'): boolean {
  const { answering } = turn.state;
  if (!answering || !isOn(turn, 'system_handleIntermediateUserMessage')) return false;
  if (through === 'web_view' && isOn(turn, 'system_processWebviewIntermediateMessage')) return false;
  const end = Math.min(answering.until, answering.from + timeoutOf(turn));
  const { created_at } = turn.item;
  if (created_at <= answering.from || created_at >= end) return false;
  note(turn, { kind: 'note', text: 'not heard: it came while the bot was answering the message before' });
  const text = valueOf(turn, 'system_intermediateBotMessage') ?? silence;
  if (!answering.told && text.trim() !== '' && text.trim() !== silence) sayIn(turn, { text });
  turn.state.answering = { ...answering, told: true };
  return true;
}

/** The bot begins to answer now; what comes in until the turn ends interrupts it. */
export function beginAnswer(turn: Turn): () => void {
  const { clock } = turn.rooms.world;
  const from = clock.now();
  return () => {
    if (isOn(turn, 'system_handleIntermediateUserMessage')) turn.state.answering = { from, until: clock.now() };
    else delete turn.state.answering;
  };
}

function timeoutOf(turn: Turn): number {
  const given = valueOf(turn, 'system_intermediateBotResponseTimeout')?.trim() ?? '';
  return /^\d{1,9}$/.test(given) ? Number(given) : usualTimeout;
}

function isOn(turn: Turn, name: string): boolean {
  return valueOf(turn, name)?.trim().toLowerCase() === 'true';
}

function valueOf({ environment }: Turn, name: string): string | undefined {
  return Object.hasOwn(environment, name) ? environment[name] : undefined;
}
