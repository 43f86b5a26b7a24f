import type { BotDocument } from '../bot/document.ts';
import type { TraceItem } from '../store/trace.ts';

/** How much of a bot its scripts have seen. */
export interface Coverage {
  bot: string;
  interactions: Share;
  rules: Share;
}

export interface Share {
  reached: number;
  all: number;
  /** `dialog / interaction`, and of a rule its name or number: what no script has come to. */
  missed: string[];
}

/** Of a bot, by the traces of all conversations with it. What is switched off does not count. */
export function coverageOf(bot: string, document: BotDocument, traces: readonly TraceItem[]): Coverage {
  const interactions = new Set<unknown>();
  const rules = new Set<string>();
  for (const item of traces) {
    if (item.kind === 'interaction') interactions.add(item.interaction);
    if (item.kind === 'matched' && item.by === 'rule') rules.add(`${String(item.interaction)} ${String(item.rule_at)}`);
  }
  const places = document.dialogs
    .filter(isOn)
    .flatMap((dialog) =>
      dialog.interactions
        .filter(isOn)
        .map((interaction) => ({ interaction, name: `${dialog.name} / ${interaction.name}` })),
    );
  const allRules = places.flatMap(({ interaction, name }) =>
    (interaction.rules ?? []).map((rule, at) => ({
      key: `${interaction.id} ${at}`,
      name: `${name} / ${rule.name ?? `rule ${at + 1}`}`,
    })),
  );
  return {
    bot,
    interactions: shareOf(places, ({ interaction }) => interactions.has(interaction.id)),
    rules: shareOf(allRules, ({ key }) => rules.has(key)),
  };
}

function isOn({ enabled }: { enabled?: boolean }): boolean {
  return enabled !== false;
}

function shareOf<P extends { name: string }>(all: readonly P[], isReached: (place: P) => boolean): Share {
  const missed = all.filter((place) => !isReached(place)).map(({ name }) => name);
  return { reached: all.length - missed.length, all: all.length, missed };
}
