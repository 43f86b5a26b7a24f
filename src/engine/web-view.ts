import { linkVariable, tokenVariable } from './handle.ts';
import { type Turn, trace, warn } from './turn.ts';

const mostNames = 200;
/** Characters of all names and values together. */
const longestAll = 128 * 1024;

/** The trace's words for what was kept; the names follow. */
export const untrustedVariables = 'untrusted web view variables: ';

/**
 * Keeps what a page of the brand's sends, for this session. Whoever knows two ids can send it, so the platform's own names
 * are not taken from there, and the trace marks it as untrusted.
 */
export function keepWebView(turn: Turn, sent: Readonly<Record<string, string>>): void {
  if (turn.state.closed) return;
  const kept = new Map(Object.entries(turn.state.web_view ?? {}));
  for (const [name, value] of Object.entries(sent)) {
    if (name === tokenVariable || name === linkVariable) warn(turn, `a page sent "${name}": it was ignored`);
    else kept.set(name, value);
  }
  const size = [...kept].reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  if (kept.size > mostNames || size > longestAll) {
    warn(turn, `web view variables were not kept: more than ${mostNames}, or longer than ${longestAll} characters`);
    return;
  }
  turn.state.web_view = Object.fromEntries(kept);
  trace(turn, { kind: 'log', level: 'debug', text: `${untrustedVariables}${Object.keys(sent).join(', ')}` });
}
