/** The bots of a conversation that was handed from one to another, as its trace tells of them. */
import type { TraceItem } from '../store/trace.ts';

export interface TakingPart {
  id: string;
  name: string;
  version: number;
}

/** The one it was opened with first, each once; empty where it was never handed on. */
export function botsOf(trace: readonly TraceItem[]): TakingPart[] {
  const routes = trace.filter(({ kind }) => kind === 'route');
  const first = routes.slice(0, 1).map((item) => takingPart(item, 'from_bot'));
  const all = [...first, ...routes.map((item) => takingPart(item, 'bot'))];
  return all.filter(({ id }, at) => all.findIndex((one) => one.id === id) === at);
}

function takingPart(item: TraceItem, as: 'bot' | 'from_bot'): TakingPart {
  return { id: String(item[`${as}_id`]), name: String(item[`${as}_name`]), version: Number(item[`${as}_version`]) };
}

/** Where a script finds the bots that the conversation was handed to, and what to save there. */
export function recordedBots(trace: readonly TraceItem[], documents: readonly object[]) {
  const [first, ...others] = botsOf(trace);
  if (!first) return { notes: [] };
  const saved = (file: string, { name, version }: TakingPart) => `version ${version} of "${name}" as ${file}`;
  const files = [saved('bot.json', first), ...others.map((one) => saved(fileOf(one), one))];
  const written = JSON.stringify(documents);
  const byId = [first, ...others].filter(({ id }) => written.includes(`"${id}"`));
  return {
    bots: others.map(fileOf),
    notes: [
      `The conversation was handed to another bot: save ${files.join(', ')}.`,
      ...byId.map(
        ({ id, name }) => `In a script bots have no ids: where a bot hands over to "${id}", write "${name}".`,
      ),
    ],
  };
}

const fileOf = ({ id }: TakingPart): string => `${id}.json`;
