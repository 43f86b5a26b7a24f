import type { ComponentChildren } from 'preact';
import type { Border, Display, Of } from './element.ts';

const borderClass: Record<Border, string> = { border: 'bordered', borderLess: 'bare', dropShadow: 'raised' };

/** Class names for how a box stands on its ground and how the pictures inside do. */
export function frameOf(border: Border | undefined, display?: Display): string {
  return [
    border && borderClass[border],
    display?.ratio && `ratio-${display.ratio}`,
    display?.size && `fit-${display.size}`,
  ]
    .filter(Boolean)
    .map((name) => ` ${name}`)
    .join('');
}

export function VerticalPart({ of, children }: { of: Of<'vertical'>; children: ComponentChildren[] }) {
  const scroll = of.scroll ? ` scrolls size-${of.look.size ?? 'small'}` : '';
  return (
    <div
      class={`rich-vertical${frameOf(of.border, of.display)}${scroll}`}
      style={of.look.style}
      dir={of.rtl ? 'rtl' : undefined}
      // What scrolls must be reachable without a mouse.
      tabIndex={of.scroll ? 0 : undefined}
      role={of.label || of.scroll ? 'group' : undefined}
      aria-label={of.label || undefined}
    >
      {children}
    </div>
  );
}

/** Columns: of the given shares of the width, in percent, else of equal ones. */
export function HorizontalPart({ of, children }: { of: Of<'horizontal'>; children: ComponentChildren[] }) {
  return (
    <div
      class={`rich-horizontal${frameOf(of.border)}${of.borderLine ? ' lined' : ''}`}
      style={of.look.style}
      dir={of.rtl ? 'rtl' : undefined}
      role={of.label ? 'group' : undefined}
      aria-label={of.label || undefined}
    >
      {children.map((child, at) => (
        <div class="rich-column" style={{ 'flex-grow': String(of.percentages[at] || evenShare(of.percentages)) }}>
          {child}
        </div>
      ))}
    </div>
  );
}

/** Of a column that no percentage is given for. */
function evenShare(percentages: number[]): number {
  const sum = percentages.reduce((total, share) => total + share, 0);
  return percentages.length > 0 && sum > 0 ? sum / percentages.length : 1;
}
