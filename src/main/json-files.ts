import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readJson } from './read-json.ts';
import { WrongUse } from './verb.ts';

/** What a folder stands for: of its JSON files those that are taken, by what is in them; undefined: it cannot be read. */
export interface Wanted {
  /** Such as "conversation script". */
  what: string;
  takes(json: unknown): boolean;
}

/** The files of a command line, folders replaced by their files. A folder with none of the wanted is wrong use. */
export async function filesIn(paths: readonly string[], wanted: Wanted): Promise<string[]> {
  const files: string[] = [];
  for (const path of paths) {
    const found = await stat(path).catch(() => undefined);
    if (!found?.isDirectory()) files.push(path);
    else files.push(...(await filesOf(path, wanted)));
  }
  return files;
}

async function filesOf(folder: string, { what, takes }: Wanted): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
  const files: string[] = [];
  for (const name of names) {
    const file = join(folder, name);
    if (takes(await readJson(file).catch(() => undefined))) files.push(file);
  }
  if (files.length === 0) throw new WrongUse(`there is no ${what} in ${folder}`);
  return files;
}

/** A conversation script is told from other JSON by its turns. */
export function isScript(json: unknown): boolean {
  return typeof json === 'object' && json !== null && 'turns' in json;
}
