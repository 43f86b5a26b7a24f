import { CopyButton } from '../copy-button.tsx';
import { isRecord, listOf, numberOf, readJson, textOf } from '../shape.ts';
import { compact, outcomeTone } from './describe.ts';
import type { TraceEntry } from './entry.ts';

/** One call to a brand API: what went out, what came back, how it ended. All of it as text. */
export function CallCard({ entry }: { entry: TraceEntry }) {
  const { fields } = entry;
  const request = isRecord(fields['request']) ? fields['request'] : undefined;
  const answer = isRecord(fields['answer']) ? fields['answer'] : undefined;
  const outcome = textOf(fields['outcome']) ?? '';
  const ms = numberOf(fields['ms']);
  const status = answer && numberOf(answer['status']);
  return (
    <li class={`trace-call ${outcomeTone(outcome)}`}>
      <details>
        <summary>
          <span class="trace-label">Call</span>
          <span class="trace-call-what">
            <strong>{textOf(fields['integration'])}</strong>
            {request && (
              <code>
                {textOf(request['method'])} {pathOf(textOf(request['url']))}
              </code>
            )}
            {isRefreshed(fields['steps']) && <small>with a refreshed token</small>}
          </span>
          <span class="trace-chip">{[status, outcome.replaceAll('_', ' ')].filter(Boolean).join(' ')}</span>
          {ms !== undefined && <span class="trace-ms">{ms} ms</span>}
        </summary>
        <div class="trace-call-body">
          {textOf(fields['detail']) && <p>{textOf(fields['detail'])}</p>}
          {request ? <Request request={request} /> : <p>No request was made.</p>}
          {answer ? <Answer answer={answer} /> : <p>No answer.</p>}
          <Steps steps={fields['steps']} />
          <CopyButton what="this call as JSON" text={JSON.stringify(fields, null, 2)} />
        </div>
      </details>
    </li>
  );
}

function Request({ request }: { request: Record<string, unknown> }) {
  const headers = isRecord(request['headers']) ? Object.entries(request['headers']) : [];
  const body = textOf(request['body']);
  return (
    <>
      <h4>Request</h4>
      <p class="trace-url">{textOf(request['url'])}</p>
      <dl>
        {headers.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{String(value)}</dd>
          </div>
        ))}
      </dl>
      {body !== undefined && <pre tabIndex={0}>{pretty(body)}</pre>}
    </>
  );
}

function Answer({ answer }: { answer: Record<string, unknown> }) {
  const body = textOf(answer['body']);
  return (
    <>
      <h4>Answer {numberOf(answer['status'])}</h4>
      {body && <pre tabIndex={0}>{pretty(body)}</pre>}
    </>
  );
}

/** What happened on the wire besides: a refresh, a retry. */
function Steps({ steps }: { steps: unknown }) {
  const list = listOf(steps, (step) => (isRecord(step) ? step : undefined));
  if (list.length === 0) return null;
  return (
    <>
      <h4>On the wire</h4>
      <ol class="trace-steps">
        {list.map((step) => (
          <li>
            {String(step['what']).replaceAll('_', ' ')} <small>{compact(step, ['at', 'what'])}</small>
          </li>
        ))}
      </ol>
    </>
  );
}

/** Told without opening the card: it is what happens without a word in the chat. */
function isRefreshed(steps: unknown): boolean {
  return Array.isArray(steps) && steps.some((step) => isRecord(step) && step['what'] === 'token_refreshed');
}

function pretty(body: string): string {
  const json = readJson(body);
  return json === undefined ? body : JSON.stringify(json, null, 2);
}

function pathOf(url: string | undefined): string {
  const parsed = url === undefined ? null : URL.parse(url);
  return parsed ? parsed.pathname + parsed.search : (url ?? '');
}
