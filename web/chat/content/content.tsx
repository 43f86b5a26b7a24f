import { useMemo } from 'preact/hooks';
import './content.css';
import { allOf, type Element } from './element.ts';
import { hasColours } from './look.ts';
import { Part } from './part.tsx';
import { TapPlace } from './tap-place.tsx';

export interface ContentProps {
  content: Element;
  /** Nothing was said since. */
  current: boolean;
  /** The link of the sign-in whose card stands below. */
  signIn: string | undefined;
}

/** The structured content of one message. */
export function Content({ content, current, signIn }: ContentProps) {
  const coloured = useMemo(() => allOf(content).some(({ look }) => hasColours(look)), [content]);
  return (
    <TapPlace current={current} signIn={signIn}>
      <div class={`rich root-${content.type}${coloured ? ' as-light' : ''}`}>
        <Part of={content} />
      </div>
    </TapPlace>
  );
}
