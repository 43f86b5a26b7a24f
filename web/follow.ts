import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

/** Within this many pixels of the end, the reader is at the end. */
const near = 80;

export interface Followed {
  /** Something new stands below what the reader sees. */
  behind: boolean;
  toEnd(): void;
}

/** Keeps a scroller at its end while the reader is there; one who has scrolled back is told instead. */
export function useFollow(
  scroller: RefObject<HTMLElement | null>,
  news: { count: number; own: boolean; state?: unknown },
): Followed {
  const stuck = useRef(true);
  const count = useRef(0);
  const [behind, setBehind] = useState(false);
  useEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    const follow = () => {
      stuck.current = atEnd(element);
      if (stuck.current) setBehind(false);
    };
    // The box shrinks under an on-screen keyboard: the end stays in sight.
    const resized = new ResizeObserver(() => stuck.current && element.scrollTo({ top: element.scrollHeight }));
    element.addEventListener('scroll', follow, { passive: true });
    resized.observe(element);
    // A picture that comes late makes what stands above the end longer.
    for (const child of element.children) resized.observe(child);
    return () => {
      element.removeEventListener('scroll', follow);
      resized.disconnect();
    };
  }, [scroller]);
  useLayoutEffect(() => {
    const grown = news.count > count.current;
    count.current = news.count;
    if (stuck.current || (grown && news.own)) scroller.current?.scrollTo({ top: scroller.current.scrollHeight });
    else if (grown) setBehind(true);
  }, [news.count, news.own, news.state]);
  return {
    behind,
    toEnd: () => scroller.current?.scrollTo({ top: scroller.current.scrollHeight, behavior: 'smooth' }),
  };
}

function atEnd(element: HTMLElement): boolean {
  return element.scrollHeight - element.scrollTop - element.clientHeight < near;
}
