#!/usr/bin/env node
// `npx errand <verb>`: the command line on the Node that package.json pins, whatever Node this is.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import module from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { pinnedNode, root } from '../tools/pinned-node.mjs';

const main = join(root, 'src/main.ts');
// Stripped and compiled sources, kept beside the packages, where only who installed them can write: every start after the
// first takes about half the time and less memory. Where nothing can be written there, nothing is kept.
const cache = join(root, 'node_modules/.cache/errand');

if (!pinnedNode()) {
  const { prepare } = await import('../tools/prepare.mjs');
  await prepare();
}

// Without the chat's pages a server has little to serve. Where their builder is not installed, the server says so itself.
if (process.argv[2] === 'serve' && isMissing('dist/web/manifest.json') && !isMissing('node_modules/vite')) {
  const { prepare } = await import('../tools/prepare.mjs');
  await prepare({ web: true });
}

if (isPinned()) {
  module.enableCompileCache(cache);
  process.argv[1] = main;
  await import(pathToFileURL(main).href);
} else {
  const child = spawn(pinnedNode(), [main, ...process.argv.slice(2)], {
    // The channel tells the child when this process was killed: nobody would stop it any more.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { NODE_COMPILE_CACHE: cache, ...process.env },
  });
  // A terminal's Ctrl-C reaches the child by itself; passing it on too would count as the second, impatient one.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    if (!signal) process.exit(code ?? 1);
    // Ended by a signal: so shall this one, for whoever looks at how it ended.
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

function isMissing(path) {
  return !existsSync(join(root, path));
}

/** Already on it, as inside npm scripts: no second process is needed. */
function isPinned() {
  const { version } = JSON.parse(readFileSync(join(root, 'node_modules/node/package.json'), 'utf8'));
  return process.version === `v${version}` && realpathSync(process.execPath) === realpathSync(pinnedNode());
}
