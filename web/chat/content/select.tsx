import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { Icon } from '../../icon.tsx';
import { useChat } from '../place.ts';
import { Carousel } from './carousel.tsx';
import { useContent } from './content-place.ts';
import type { Of } from './element.ts';

/** A carousel whose cards are chosen; a button elsewhere in the content sends the choice. */
export function CarouselSelectPart({ of, children }: { of: Of<'carouselSelect'>; children: ComponentChildren[] }) {
  const { say } = useChat();
  const { chosen, choose } = useContent();
  const selected = chosen(of.name);
  const id = useId();
  return (
    <Carousel label={of.label} look=" selects" padding={of.padding}>
      {children.map((child, at) => {
        const card = of.elements[at];
        const pressed = card !== undefined && selected.includes(card);
        return (
          <div class={pressed ? 'rich-option chosen' : 'rich-option'} style={of.look.style}>
            <div class="rich-option-card" id={`${id}-${at}`}>
              {child}
            </div>
            <button
              type="button"
              class="rich-choose"
              aria-pressed={pressed}
              aria-describedby={`${id}-${at}`}
              onClick={() => card && choose(of.name, card, of.multiple)}
            >
              {pressed && <Icon name="check" />}
              {say(pressed ? 'selected' : 'select')}
            </button>
          </div>
        );
      })}
    </Carousel>
  );
}

/** Cards folded under their titles, each of which can be chosen. */
export function AccordionSelectPart({ of, children }: { of: Of<'accordionSelect'>; children: ComponentChildren[] }) {
  const { chosen, choose } = useContent();
  const selected = chosen(of.name);
  const id = useId();
  return (
    <div class="rich-accordion" style={of.look.style} role="group" aria-label={of.label || undefined}>
      {children.map((child, at) => {
        const card = of.elements[at];
        const title = of.titles[at] ?? { name: String(at + 1), additional: '' };
        return (
          <details>
            <summary>
              <input
                type="checkbox"
                aria-labelledby={`${id}-${at}`}
                checked={card !== undefined && selected.includes(card)}
                onChange={() => card && choose(of.name, card, true)}
              />
              <bdi id={`${id}-${at}`}>{title.name}</bdi>
              {title.additional && <small dir="auto">{title.additional}</small>}
              <Icon name="down" />
            </summary>
            {child}
          </details>
        );
      })}
    </div>
  );
}
