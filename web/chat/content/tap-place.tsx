import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { useSnapshot } from '../../snapshot.ts';
import { useChat } from '../place.ts';
import type { Action, Click, DateAction, SlotAction } from './action.ts';
import { ContentContext, type ContentPlace } from './content-place.ts';
import { DatePicker } from './date-picker.tsx';
import type { Element } from './element.ts';
import { SlotPicker } from './slot-picker.tsx';

export interface TapPlaceProps {
  /** Nothing was said since. */
  current: boolean;
  /** The link of the sign-in whose card stands below. */
  signIn: string | undefined;
  /** Something inside was tapped. */
  onTap?: (click: Click) => void;
  children: ComponentChildren;
}

/** Named in the page around the chat: `custom` and `addToCart` are its to carry out. */
const actionEvent = 'errand:action';

/** How long the chat stays for what was said with a tap that leads away from it, in ms. */
const longestWait = 3_000;

/** Where things are tapped: does what the taps of one message are for. */
export function TapPlace({ current, signIn, onTap, children }: TapPlaceProps) {
  const { client } = useChat();
  const { outbox, end } = useSnapshot(client);
  const [choices, setChoices] = useState<ReadonlyMap<string, Element[]>>(new Map());
  const [asked, setAsked] = useState<Asked>();
  const place: ContentPlace = {
    busy: end !== 'open' || outbox.some(({ state }) => state === 'waiting'),
    current: current && end === 'open',
    signIn,
    perform(click, label) {
      onTap?.(click);
      for (const action of click.actions) {
        if (action.type === 'say') client.tap(action.text, label, click.metadata);
        else if (action.type === 'date' || action.type === 'slots') setAsked({ action, click });
        else if (!leavesChat(action)) leave(action, click);
      }
      const away = click.actions.filter(leavesChat)[0];
      if (away) void client.delivered(longestWait).then(() => leave(away, click));
    },
    chosen: (name) => choices.get(name) ?? [],
    choose: (name, card, multiple) => setChoices((before) => chosenWith(before, { name, card, multiple })),
  };
  return (
    <ContentContext.Provider value={place}>
      {children}
      {asked && (
        <Picker
          asked={asked}
          onClose={() => setAsked(undefined)}
          onPick={(text, metadata) => {
            setAsked(undefined);
            client.tap(text, text, metadata);
          }}
        />
      )}
    </ContentContext.Provider>
  );
}

interface Asked {
  action: DateAction | SlotAction;
  click: Click;
}

function Picker(props: { asked: Asked; onClose(): void; onPick(text: string, metadata: unknown[]): void }) {
  const { asked, onClose, onPick } = props;
  const { action, click } = asked;
  if (action.type === 'date') {
    return <DatePicker action={action} onClose={onClose} onPick={(text) => onPick(text, click.metadata)} />;
  }
  return (
    <SlotPicker
      action={action}
      onClose={onClose}
      onPick={({ id }, text) => onPick(text, id ? [...click.metadata, { type: 'ExternalId', id }] : click.metadata)}
    />
  );
}

function leavesChat(action: Action): action is Extract<Action, { type: 'open' }> {
  return action.type === 'open' && action.here;
}

/** What happens outside the chat: another page, or whatever the page around it makes of it. */
function leave(action: Extract<Action, { type: 'open' | 'tell' }>, { metadata }: Click): void {
  if (action.type === 'tell')
    window.dispatchEvent(new CustomEvent(actionEvent, { detail: { ...action.action, metadata } }));
  else window.open(action.link.href, action.here ? '_self' : '_blank', 'noopener,noreferrer');
}

/** One card of a single choice, any of a multiple one; a second tap takes it back. */
export function chosenWith(
  choices: ReadonlyMap<string, Element[]>,
  { name, card, multiple }: { name: string; card: Element; multiple: boolean },
): ReadonlyMap<string, Element[]> {
  const before = choices.get(name) ?? [];
  const others = before.filter((other) => other !== card);
  if (others.length < before.length) return new Map(choices).set(name, others);
  return new Map(choices).set(name, multiple ? [...before, card] : [card]);
}
