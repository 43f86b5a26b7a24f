import { readFile } from 'node:fs/promises';

/** A file's JSON. Throws with the file's name and what is wrong with it. */
export async function readJson(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw new Error(`there is no file ${file}`);
    throw new Error(error.code === 'EISDIR' ? `${file} is a folder` : `${file} cannot be read: ${error.message}`);
  });
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new Error(`${file} is not JSON: ${error instanceof Error ? error.message : 'it cannot be parsed'}`, {
      cause: error,
    });
  }
}
