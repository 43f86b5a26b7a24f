import { Icon } from '../icon.tsx';
import { Content } from './content/content.tsx';
import { linkParts } from '../link.ts';
import { MessageButtons } from './message-buttons.tsx';
import { useChat } from './place.ts';
import type { Run } from './run.ts';
import { SignInCard } from './sign-in-card.tsx';
import type { Item } from './transcript.ts';

export interface BubbleProps {
  item: Item;
  run: Run;
  /** It came while the reader was looking. */
  fresh: boolean;
  /** Nothing was said after it. */
  current: boolean;
}

/** One entry of the transcript. Text is shown as text, and each text keeps its own direction (XS-16). */
export function Bubble({ item, run, fresh, current }: BubbleProps) {
  const { say, bot } = useChat();
  if (item.kind === 'gap') return <li class="chat-hint">{say('gap')}</li>;
  if (item.kind === 'handed_over') {
    return (
      <li class="chat-handed-over">
        {item.to === 'people' && <Icon name="people" />}
        {item.to === 'people' ? say('with_team') : say('with_bot', { bot })}
      </li>
    );
  }
  const own = item.kind === 'pending' || (item.kind === 'message' && item.from === 'consumer');
  const agent = item.kind === 'message' && item.from === 'agent';
  const classes = [
    'chat-item',
    own ? 'own' : 'bot',
    agent && 'agent',
    run.first && 'first',
    run.last && 'last',
    fresh && 'fresh',
  ];
  return (
    <li class={classes.filter(Boolean).join(' ')}>
      {item.kind === 'sign_in' ? (
        <SignInCard attempt={item.attempt} />
      ) : (
        <Message item={item} run={run} current={current} />
      )}
    </li>
  );
}

const speakers = { bot: 'bot_said', agent: 'team_said', consumer: 'you_said' } as const;

interface MessageProps {
  item: Item & { kind: 'message' | 'pending' };
  run: Run;
  current: boolean;
}

/** Sent or still on its way, the words stay the same element: replaced, they would be read out once more. */
function Message({ item, run, current }: MessageProps) {
  const { say, bot } = useChat();
  const pending = item.kind === 'pending';
  const empty = !pending && !item.text && !item.content && !item.attempt && item.buttons.length === 0;
  return (
    <>
      <span class="unseen">{say(speakers[pending ? 'consumer' : item.from], { bot })}</span>
      {!pending && item.from === 'agent' && run.first && (
        <span class="chat-agent" aria-hidden="true">
          <Icon name="people" />
          {say('team')}
        </span>
      )}
      {(item.text || empty) && (
        <div class={pending ? 'chat-bubble pending' : 'chat-bubble'} dir="auto">
          {empty ? <em>{say('cannot_show')}</em> : <Text text={item.text} />}
        </div>
      )}
      {pending ? <OnItsWay item={item} /> : <Below item={item} run={run} current={current} />}
    </>
  );
}

/** What a message brings besides its words. */
function Below({ item, run, current }: { item: Item & { kind: 'message' }; run: Run; current: boolean }) {
  const { locale } = useChat();
  const time = new Date(item.at);
  return (
    <>
      {item.content && <Content content={item.content} current={current} signIn={item.attempt?.url} />}
      {item.attempt && <SignInCard attempt={item.attempt} />}
      {item.buttons.length > 0 && <MessageButtons buttons={item.buttons} />}
      {run.timed && !Number.isNaN(time.getTime()) && (
        <time class="chat-time" dateTime={item.at}>
          {time.toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit' })}
        </time>
      )}
    </>
  );
}

/** What becomes of a message that the server does not have yet. */
function OnItsWay({ item }: { item: Item & { kind: 'pending' } }) {
  const { say, client } = useChat();
  if (item.state !== 'refused') {
    return (
      <span class="chat-time chat-sending">
        <Icon name="clock" />
        {say('sending')}
      </span>
    );
  }
  return (
    <span class="chat-refused">
      <Icon name="warning" />
      {say('not_sent')}
      <button type="button" onClick={() => client.retry(item.id)}>
        {say('retry')}
      </button>
      <button type="button" onClick={() => client.discard(item.id)}>
        {say('discard')}
      </button>
    </span>
  );
}

function Text({ text }: { text: string }) {
  return (
    <>
      {linkParts(text).map((part) =>
        part.link ? (
          <a href={part.link.href} target="_blank" rel="noopener noreferrer">
            {part.text}
          </a>
        ) : (
          part.text
        ),
      )}
    </>
  );
}
