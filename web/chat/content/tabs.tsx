import type { ComponentChildren } from 'preact';
import { useId, useRef, useState } from 'preact/hooks';
import type { Of } from './element.ts';

const moves: Record<string, (at: number, count: number) => number> = {
  ArrowLeft: (at, count) => (at + count - 1) % count,
  ArrowRight: (at, count) => (at + 1) % count,
  Home: () => 0,
  End: (_, count) => count - 1,
};

/** One card at a time, chosen by its tag (WAI-ARIA tabs: the arrow keys move and choose). */
export function TabsPart({ of, children }: { of: Of<'tabs'>; children: ComponentChildren[] }) {
  const [at, setAt] = useState(0);
  const bar = useRef<HTMLDivElement>(null);
  const id = useId();
  const key = (event: KeyboardEvent) => {
    const to = moves[event.key]?.(at, children.length);
    if (to === undefined) return;
    event.preventDefault();
    setAt(to);
    bar.current?.querySelectorAll('button')[to]?.focus();
  };
  return (
    <div class={`rich-tabs size-${of.look.size ?? 'small'}`} style={of.look.style}>
      <div class="rich-tab-bar" role="tablist" ref={bar} aria-label={of.label || undefined}>
        {of.elements.map((card, index) => (
          <button
            type="button"
            role="tab"
            id={`${id}-tab-${index}`}
            aria-controls={`${id}-panel-${index}`}
            aria-selected={index === at}
            tabIndex={index === at ? 0 : -1}
            onClick={() => setAt(index)}
            onKeyDown={key}
          >
            <bdi>{card.tag || String(index + 1)}</bdi>
          </button>
        ))}
      </div>
      {children.map((card, index) => (
        <div
          role="tabpanel"
          id={`${id}-panel-${index}`}
          aria-labelledby={`${id}-tab-${index}`}
          hidden={index !== at}
          tabIndex={0}
        >
          {card}
        </div>
      ))}
    </div>
  );
}
