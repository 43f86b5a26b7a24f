import type { ComponentChildren } from 'preact';
import { useContent } from './content-place.ts';
import type { Of } from './element.ts';
import { Rows } from '../rows.tsx';
import { Tap } from './tap.tsx';

/** Quick replies of content itself: they vanish with whatever is said next. */
export function RepliesPart({ of, children }: { of: Of<'quickReplies'>; children: ComponentChildren[] }) {
  const { current } = useContent();
  return current ? <Rows perRow={of.perRow}>{children}</Rows> : null;
}

/** A question with its answers to tap. */
export function TemplatePart({ of }: { of: Of<'template'> }) {
  const { current } = useContent();
  return (
    <div class="rich-template">
      <p class="rich-text" dir="auto" style={of.look.style}>
        {of.title}
      </p>
      {current && (
        <Rows perRow={undefined}>
          {of.answers.map((answer) => (
            <Tap click={{ actions: [{ type: 'say', text: answer }], metadata: [] }} label={answer} class="chat-reply">
              <bdi>{answer}</bdi>
            </Tap>
          ))}
        </Rows>
      )}
    </div>
  );
}

export function ReplyPart({ of }: { of: Of<'button'> }) {
  return (
    <Tap click={of.click} label={of.title} class="chat-reply" look={of.look} tooltip={of.tooltip}>
      <bdi>{of.title}</bdi>
    </Tap>
  );
}
