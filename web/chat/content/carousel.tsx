import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from '../../icon.tsx';
import { useChat } from '../place.ts';

export interface CarouselProps {
  label: string;
  /** Further class names. */
  look: string;
  /** Pixels between two cards beyond the usual gap. */
  padding: number;
  children: ComponentChildren[];
}

/** Cards side by side: swiped, scrolled, moved by two buttons or, with the focus on it, by the arrow keys. */
export function Carousel({ label, look, padding, children }: CarouselProps) {
  const { say } = useChat();
  const track = useRef<HTMLUListElement>(null);
  const { at, ends, go } = usePlace(track, children.length);
  return (
    <div
      class={`rich-carousel${look}`}
      role="group"
      aria-roledescription={say('carousel')}
      aria-label={label || undefined}
    >
      <ul ref={track} tabIndex={0} aria-label={label || say('carousel')} style={{ '--gap': `${padding}px` }}>
        {children.map((card, index) => (
          <li aria-label={say('card_of', { n: String(index + 1), total: String(children.length) })}>{card}</li>
        ))}
      </ul>
      {!(ends.first && ends.last) && (
        <div class="rich-carousel-moves">
          <button type="button" aria-label={say('previous')} aria-disabled={ends.first} onClick={() => go(at - 1)}>
            <Icon name="back" />
          </button>
          <span class="rich-dots" aria-hidden="true">
            {children.map((_, index) => (
              <span class={index === at ? 'here' : undefined} />
            ))}
          </span>
          <button type="button" aria-label={say('next')} aria-disabled={ends.last} onClick={() => go(at + 1)}>
            <Icon name="next" />
          </button>
        </div>
      )}
    </div>
  );
}

const steps: Record<string, (at: number, count: number) => number> = {
  ArrowLeft: (at) => at - 1,
  ArrowRight: (at) => at + 1,
  Home: () => 0,
  End: (_, count) => count - 1,
};

/** Which card stands first in sight, and whether there is more on either side; the arrow keys move it. */
function usePlace(track: { current: HTMLUListElement | null }, count: number) {
  const [place, setPlace] = useState({ at: 0, first: true, last: false });
  useEffect(() => {
    const list = track.current;
    if (!list) return undefined;
    const look = () => setPlace(placeOf(list));
    const key = (event: KeyboardEvent) => {
      const step = event.target === list ? steps[event.key] : undefined;
      if (!step) return;
      event.preventDefault();
      moveTo(list, step(placeOf(list).at, count));
    };
    const resized = new ResizeObserver(look);
    resized.observe(list);
    list.addEventListener('scroll', look, { passive: true });
    list.addEventListener('keydown', key);
    return () => {
      resized.disconnect();
      list.removeEventListener('scroll', look);
      list.removeEventListener('keydown', key);
    };
  }, [track, count]);
  return {
    at: place.at,
    ends: { first: place.first, last: place.last },
    go: (to: number) => track.current && moveTo(track.current, to),
  };
}

/** The card of that place comes to the front, or as near as the list's end lets it. */
function moveTo(list: HTMLUListElement, to: number): void {
  const card = list.children[Math.min(Math.max(to, 0), list.children.length - 1)];
  if (card instanceof HTMLElement) list.scrollTo({ left: card.offsetLeft - list.offsetLeft, behavior: 'smooth' });
}

/** Rounded, because a zoomed page scrolls by parts of a pixel. */
function placeOf(list: HTMLUListElement): { at: number; first: boolean; last: boolean } {
  const left = Math.abs(list.scrollLeft);
  const last = left + list.clientWidth >= list.scrollWidth - 2;
  const cards = [...list.children].filter((card) => card instanceof HTMLElement);
  const near = cards.findIndex((card) => card.offsetLeft - list.offsetLeft + card.offsetWidth / 2 >= left);
  return { at: last && left > 2 ? cards.length - 1 : Math.max(near, 0), first: left <= 2, last };
}
