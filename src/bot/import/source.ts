import type { Interaction } from '../document.ts';
import type { ExportIndex } from './export-index.ts';
import { type ForeignRecord, isRecord, textAt, valueAt } from './record.ts';
import { whyOpaque } from './interaction-types.ts';

export type Common = Pick<Interaction, 'id' | 'name'> &
  Partial<Pick<Interaction, 'enabled' | 'delay_ms' | 'pre_process' | 'post_process' | 'rules' | 'next'>>;

/** One interaction of the export, with what every kind has been read of already. */
export interface Source {
  index: ExportIndex;
  common: Common;
  /** Members that only questions have. */
  question: { process_user_response?: string; fallback_response?: string };
  record: ForeignRecord;
  /** What the export calls it. */
  type: string;
  tile: ForeignRecord | undefined;
  /** Every tile; only a structured question may have several. */
  tiles: readonly ForeignRecord[];
  text: string;
  path: string;
  /** Where its tiles are. */
  tilePath: string;
  /** Whether it is the first of its dialog. */
  first: boolean;
}

/** The interaction kept whole, to do nothing; the report says why. */
export function opaque({ common, path, index, record, type }: Source, why = whyOpaque(type)): Interaction {
  index.reporting.ignored(
    path,
    `The interaction "${common.name}" (${type.slice(0, 100)}) cannot run here: it is kept as it is, and does nothing when reached. ${why}`,
  );
  return {
    ...common,
    type: 'opaque',
    imported_type: type.slice(0, 200) || 'UNKNOWN',
    content: valueAt(record, 'content') ?? null,
  };
}

/** The first of these members that is a text and not empty. */
export function firstText(record: ForeignRecord | undefined, ...keys: string[]): string | undefined {
  for (const key of keys) {
    const text = textAt(record, key)?.trim();
    if (text) return text;
  }
  return undefined;
}

/** The tile itself, or a record directly in it, that has a list under one of these names: with that list. */
export function holderOf(
  tile: ForeignRecord | undefined,
  keys: readonly string[],
): { holder: ForeignRecord; list: readonly unknown[] } | undefined {
  if (!tile) return undefined;
  for (const holder of [tile, ...Object.values(tile).filter(isRecord)]) {
    for (const key of keys) {
      const list = valueAt(holder, key);
      if (Array.isArray(list) && list.length > 0) return { holder, list };
    }
  }
  return undefined;
}
