/** Interactions that say something, or begin a dialog, and go on. */
import type { Interaction } from '../document.ts';
import { pointer } from '../problem.ts';
import { recordAt, textAt } from './record.ts';
import { patternsAt } from './rule.ts';
import { firstText, opaque, type Source } from './source.ts';

export function starter({ common, record, path, index, first }: Source): Interaction {
  if (!first) {
    index.reporting.approximated(
      path,
      'A dialog starter that is not the first of its dialog starts nothing; it only leads on.',
    );
    return { ...common, type: 'text', text: 'BLANK_MESSAGE' };
  }
  const patterns = patternsAt(record, 'pattern', { path, reporting: index.reporting });
  const exclude = patternsAt(record, 'excludeKeywords', { path, reporting: index.reporting });
  const intent = textAt(record, 'intentId')?.slice(0, 200);
  return {
    ...common,
    type: 'starter',
    ...(patterns.length > 0 && { patterns }),
    ...(exclude.length > 0 && { exclude }),
    ...(intent && { intent }),
  };
}

export function text({ common, text }: Source): Interaction {
  return { ...common, type: 'text', text };
}

export function image(source: Source): Interaction {
  const { common, tile, tilePath, index } = source;
  const url = firstText(tile, 'url', 'image', 'imageUrl');
  if (!url) return opaque(source, 'It has no URL.');
  return { ...common, type: 'image', url: index.reporting.fit(url, 20_000, pointer(tilePath, 0, 'url')) };
}

/** Sound, film and link previews are sent as their address: every channel takes that. */
export function link(source: Source): Interaction {
  const { common, tile, text, tilePath, index } = source;
  const holder = recordAt(tile, 'richLink') ?? recordAt(tile, 'richlink') ?? tile;
  const url = firstText(holder, 'url', 'itemUrl', 'audio', 'video');
  if (!url) return opaque(source, 'It has no URL.');
  const title = text || firstText(holder, 'title');
  index.reporting.approximated(tilePath, `${source.type.slice(0, 100)} is sent as a text with the link.`);
  return { ...common, type: 'text', text: index.reporting.fit(title ? `${title}\n${url}` : url, 20_000, tilePath) };
}
