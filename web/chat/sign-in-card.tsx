import { useState } from 'preact/hooks';
import { Icon } from '../icon.tsx';
import { safeLink } from '../link.ts';
import { endedSentence, type Say } from '../sentences.ts';
import { useSnapshot } from '../snapshot.ts';
import { useChat } from './place.ts';
import { type Attempt, isOpen } from './transcript.ts';

/** One sign-in as a small timeline: asked, in the other window, connected, or how it ended. */
export function SignInCard({ attempt }: { attempt: Attempt }) {
  const { client, say } = useChat();
  const { opened, end } = useSnapshot(client);
  const open = isOpen(attempt) && end === 'open';
  const away = open && (opened === attempt.id || attempt.status === 'bound');
  return (
    <div
      class={`sign-in ${open ? 'open' : attempt.status === 'granted' ? 'granted' : 'ended'}`}
      data-attempt={attempt.id}
    >
      <p class="sign-in-title">
        <Icon name="lock" />
        {say('sign_in')}
      </p>
      <Steps attempt={attempt} away={away} open={open} />
      {/* The last step says it already; the sentence is for those who listen. */}
      <p class={attempt.status === 'granted' ? 'unseen' : 'sign-in-status'} role="status">
        {statusText(attempt, { say, away, open })}
      </p>
      {open && <OpenAttempt attempt={attempt} away={away} />}
      {end === 'open' && attempt.outcome === 'expired' && <Renew attempt={attempt} />}
    </div>
  );
}

type Mark = 'done' | 'next' | 'now' | 'later' | 'failed';

function Steps({ attempt, away, open }: { attempt: Attempt; away: boolean; open: boolean }) {
  const { say } = useChat();
  const granted = attempt.status === 'granted';
  const here: Mark = granted ? 'done' : !open ? 'failed' : away ? 'now' : 'next';
  const steps: [string, Mark][] = [
    [say('step_asked'), 'done'],
    [say('step_waiting'), here],
    [say('step_connected'), granted ? 'done' : 'later'],
  ];
  return (
    <ol class="sign-in-steps">
      {steps.map(([label, mark]) => (
        <li class={mark} aria-current={mark === 'now' || mark === 'next' ? 'step' : undefined}>
          <span class="sign-in-mark" aria-hidden="true">
            {mark === 'done' && <Icon name="check" />}
            {mark === 'failed' && <Icon name="cross" />}
          </span>
          {label}
        </li>
      ))}
    </ol>
  );
}

function statusText(attempt: Attempt, at: { say: Say; away: boolean; open: boolean }): string {
  const { say } = at;
  if (attempt.status === 'granted') return say('granted');
  if (!at.open) return say(endedSentence(attempt.outcome));
  if (attempt.attemptsLeft === 1) return say('code_rejected_one');
  if (attempt.attemptsLeft !== undefined) return say('code_rejected', { n: String(attempt.attemptsLeft) });
  if (attempt.status === 'bound') return say('bound');
  return at.away ? say('waiting') : '';
}

/** A plain link, so no browser takes it for a pop-up; with an opener, so the last page can close its window. */
function OpenAttempt({ attempt, away }: { attempt: Attempt; away: boolean }) {
  const { client, say } = useChat();
  const [failed, setFailed] = useState(false);
  const link = safeLink(attempt.url);
  const cancel = async () => setFailed(!(await client.cancelSignIn(attempt.id)));
  return (
    <>
      <div class="sign-in-actions">
        {link && (
          <a
            class={away ? 'button' : 'button main'}
            href={link.href}
            target="_blank"
            rel="opener"
            onClick={() => client.opened(attempt.id)}
          >
            <bdi>{away ? say('open_again') : attempt.label || say('login')}</bdi>
            <Icon name="outside" />
            <span class="unseen">{say('opens_window')}</span>
          </a>
        )}
        <button type="button" class="button quiet" onClick={() => void cancel()}>
          {say('cancel')}
        </button>
      </div>
      {away && attempt.status === 'offered' && <p class="sign-in-hint">{say('code_hint')}</p>}
      {failed && (
        <p class="sign-in-failed" role="alert">
          {say('request_failed')}
        </p>
      )}
    </>
  );
}

function Renew({ attempt }: { attempt: Attempt }) {
  const { client, say } = useChat();
  const [state, setState] = useState<'ready' | 'asked' | 'failed'>('ready');
  const renew = async () => {
    setState('asked');
    if (!(await client.renewSignIn(attempt.id))) setState('failed');
  };
  return (
    <>
      <div class="sign-in-actions">
        <button type="button" class="button" disabled={state === 'asked'} onClick={() => void renew()}>
          {say('renew')}
        </button>
      </div>
      {state === 'failed' && (
        <p class="sign-in-failed" role="alert">
          {say('request_failed')}
        </p>
      )}
    </>
  );
}
