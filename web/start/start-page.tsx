import { useEffect, useState } from 'preact/hooks';
import { Chat } from '../chat/chat.tsx';
import type { ChatClient } from '../chat/client.ts';
import { createPageClient } from '../chat/page-client.ts';
import { useSnapshot } from '../snapshot.ts';
import { Trace } from '../trace/trace.tsx';
import { BotChoice } from './bot-choice.tsx';
import type { DemoApi, DemoBot, DemoState } from './demo-api.ts';
import { DemoPanel } from './demo-panel.tsx';
import type { TraceFeed } from './trace-feed.ts';

export interface StartPageProps {
  api: DemoApi;
  feed: TraceFeed;
  locale: string;
}

const tabs = ['chat', 'trace', 'demo'] as const;
type Tab = (typeof tabs)[number];

/** The demo's first page: the chat, its live trace, and what to try, side by side; on a phone as three tabs. */
export function StartPage({ api, feed, locale }: StartPageProps) {
  const [state, setState] = useState<DemoState>();
  const [failed, setFailed] = useState(false);
  const [bot, setBot] = useState<DemoBot>();
  const load = async () => {
    const loaded = await api.state();
    setFailed(!loaded);
    if (!loaded) return;
    setState(loaded);
    setBot(loaded.bots.find(({ id }) => id === location.hash.slice(1)) ?? loaded.bots[0]);
  };
  useEffect(() => void load(), [api]);
  const choose = (chosen: DemoBot) => {
    setBot(chosen);
    // Which bot is shown, nothing else: a chat's session is never in a URL.
    history.replaceState(null, '', `#${chosen.id}`);
  };
  return (
    <div class="start">
      <header class="start-header">
        <h1>Errand</h1>
        <p>A bot that runs errands for a brand’s customers, with the customer’s own permission.</p>
        {state && bot && <BotChoice bots={state.bots} chosen={bot} onChoose={choose} />}
      </header>
      {failed && (
        <p class="start-failed" role="alert">
          The demo does not answer yet.{' '}
          <button type="button" class="button small" onClick={() => void load()}>
            Try again
          </button>
        </p>
      )}
      {state && bot && (
        <Panes key={bot.id} bot={bot} state={state} onState={setState} api={api} feed={feed} locale={locale} />
      )}
    </div>
  );
}

interface PanesProps extends StartPageProps {
  bot: DemoBot;
  state: DemoState;
  onState(state: DemoState): void;
}

function Panes({ bot, state, onState, api, feed, locale }: PanesProps) {
  const [tab, setTab] = useState<Tab>('chat');
  const client = useClient(bot.id, locale);
  const conversation = useSnapshot(client);
  const entries = useSnapshot(feed);
  useEffect(() => feed.follow(conversation.conversation_id), [feed, conversation.conversation_id]);
  useEffect(() => feed.nudge(), [feed, conversation.transcript]);
  return (
    <>
      <nav class="start-tabs" aria-label="Show">
        {tabs.map((name) => (
          <button type="button" key={name} aria-pressed={tab === name} onClick={() => setTab(name)}>
            {name}
          </button>
        ))}
      </nav>
      <main class={`start-panes show-${tab}`}>
        <div class="start-pane pane-chat">
          <Chat client={client} botName={bot.name} locale={locale} />
        </div>
        <section class="start-pane pane-trace" aria-labelledby="trace-title">
          <h2 id="trace-title">Trace</h2>
          <Trace
            entries={entries}
            empty="Write “where is my order?” in the chat. What the bot does appears here as it happens."
          />
        </section>
        <DemoPanel state={state} onState={onState} api={api} snapshot={conversation} entries={entries} />
      </main>
    </>
  );
}

/** The chat's client for as long as its bot is chosen. */
function useClient(botId: string, locale: string): ChatClient {
  const [client] = useState(() => createPageClient(botId, locale));
  useEffect(() => client.stop, [client]);
  return client;
}
