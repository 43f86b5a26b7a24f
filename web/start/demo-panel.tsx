import type { Snapshot } from '../chat/conversation.ts';
import type { TraceEntry } from '../trace/entry.ts';
import { Controls } from './controls.tsx';
import type { DemoApi, DemoState } from './demo-api.ts';
import { SignIns } from './sign-ins.tsx';
import { Story } from './story.tsx';
import { Stranger } from './stranger.tsx';

export interface DemoPanelProps {
  api: DemoApi;
  state: DemoState;
  onState(state: DemoState): void;
  snapshot: Snapshot;
  entries: readonly TraceEntry[];
}

/** Everything to try: who to sign in as, what to break, and the story that ties it together. */
export function DemoPanel({ api, state, onState, snapshot, entries }: DemoPanelProps) {
  return (
    <aside class="start-pane pane-demo" aria-label="Demo">
      <section>
        <h2>Demo sign-ins</h2>
        <SignIns users={state.users} brandUrl={state.brand_url} />
      </section>
      <section>
        <h2>Make something happen</h2>
        <Controls api={api} state={state} onState={onState} conversationId={snapshot.conversation_id} />
        <Stranger snapshot={snapshot} />
      </section>
      <section>
        <h2>Ten minutes with Errand</h2>
        <Story entries={entries} />
      </section>
    </aside>
  );
}
