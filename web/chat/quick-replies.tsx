import type { RefObject } from 'preact';
import { useState } from 'preact/hooks';
import { Icon } from '../icon.tsx';
import { type Click, speaks } from './content/action.ts';
import { hasColours } from './content/look.ts';
import { Tap } from './content/tap.tsx';
import { TapPlace } from './content/tap-place.tsx';
import { Rows } from './rows.tsx';
import type { QuickReply } from './wire.ts';

export interface QuickRepliesProps {
  replies: QuickReply[];
  perRow: number | undefined;
  /** Seq of their message. */
  of: number | undefined;
  /** Where the focus goes when the replies have vanished under it. */
  input: RefObject<HTMLTextAreaElement | null>;
}

/** They vanish with whatever is said, and once one was tapped that says nothing: it has led elsewhere. */
export function QuickReplies({ replies, perRow, of, input }: QuickRepliesProps) {
  const [tapped, setTapped] = useState<number>();
  const onTap = ({ actions }: Click) => {
    if (!actions.some(speaks)) setTapped(of);
    if (matchMedia('(pointer: fine)').matches) input.current?.focus();
  };
  return (
    <TapPlace current signIn={undefined} onTap={onTap}>
      {replies.length > 0 && of !== tapped && (
        <Rows perRow={perRow}>
          {replies.map((reply) => (
            <Reply reply={reply} />
          ))}
        </Rows>
      )}
    </TapPlace>
  );
}

/** A longer title is shortened to about so many characters; all of it stands in its tooltip and is read out. */
const longestTitle = 25;

function Reply({ reply: { title, image, click, look, tooltip } }: { reply: QuickReply }) {
  const [broken, setBroken] = useState(false);
  const isLong = title.length > longestTitle;
  return (
    <Tap
      click={click}
      label={title}
      class={`chat-reply${isLong ? ' long' : ''}${hasColours(look) ? ' as-light' : ''}`}
      look={look}
      tooltip={isLong ? title : tooltip}
    >
      {image !== undefined && !broken && (
        <img src={image} alt="" decoding="async" referrerpolicy="no-referrer" onError={() => setBroken(true)} />
      )}
      <span dir="auto">{title}</span>
      {click.actions.some(({ type }) => type === 'open') && <Icon name="outside" />}
    </Tap>
  );
}
