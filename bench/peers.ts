import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';

const folder = new URL('.peers/', import.meta.url).pathname;
const packages = ['botbuilder@4.23.3', 'botbuilder-dialogs@4.23.3'];

/** Installs the peer for the bench alone, into a folder that git ignores. False when the registry cannot be reached. */
export function installPeers(): boolean {
  if (existsSync(`${folder}node_modules/botbuilder-dialogs/package.json`)) return true;
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}package.json`, '{ "private": true }\n');
  // Its install script wants npx; nothing of it is needed to run.
  const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', '--prefix', folder];
  process.stderr.write('Installing botbuilder for the bench…\n');
  return spawnSync('npm', [...args, ...packages], { stdio: ['ignore', 2, 2] }).status === 0;
}
