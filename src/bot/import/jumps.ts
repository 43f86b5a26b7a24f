import { type Allowance, mostOfDocument } from '../bounded-parser.ts';
import { pointer } from '../problem.ts';
import { readScript } from '../read-script.ts';
import { jumpFunction } from '../script-functions.ts';
import type { ExportIndex } from './export-index.ts';
import { textAt } from './record.ts';

const hooks = ['preProcessMessage', 'postProcessMessage', 'processUserResponse'] as const;

/** Characters; what is longer is cut, and that is reported. */
const longestScript = 100_000;

/** Scripts that jump to an interaction which the export does not have. They are read, not run. */
export function reportJumps({ messages, reporting }: Pick<ExportIndex, 'messages' | 'reporting'>): void {
  const names = new Set([...messages.values()].map(({ id, record }) => textAt(record, 'name') || id));
  const allowance = { left: mostOfDocument };
  for (const { record, path } of messages.values()) {
    for (const hook of hooks) {
      const dangling = targetsIn(textAt(record, hook), allowance).filter(
        (name) => !names.has(name) && name !== 'platform.default',
      );
      for (const name of dangling) reporting.approximated(pointer(path, hook), messageFor(name));
    }
  }
}

function targetsIn(code = '', allowance: Allowance): string[] {
  const read = code.length <= longestScript && code.includes(jumpFunction) ? readScript(code, allowance) : undefined;
  return read?.ok ? [...new Set(read.facts.targets.map(({ name }) => name))] : [];
}

function messageFor(name: string): string {
  return `The script jumps to "${name.slice(0, 200)}", and no interaction of the export is called so: nothing happens there.`;
}
