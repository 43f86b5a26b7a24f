// Plain JavaScript for any Node from 20 on: these lines run before the pinned Node is there.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** The Node that package.json pins, installed as a development dependency; undefined before the first install. */
export function pinnedNode() {
  const file = process.platform === 'win32' ? 'node.exe' : 'node';
  const path = `${root}node_modules/node/bin/${file}`;
  return existsSync(path) ? path : undefined;
}
