// Makes a fresh clone runnable: packages, the pages' build, a browser for the tests. Does nothing when nothing is missing.
// Plain JavaScript for any Node from 20 on, without a dependency: it runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { pinnedNode, root } from './pinned-node.mjs';

const webSources = ['web', 'src/api', 'src/bot', 'src/world', 'vite.config.ts', 'package-lock.json'];
const webStamp = 'dist/web.stamp';

/** @param {{ web?: boolean, browser?: boolean }} wanted Throws when something cannot be had. */
export async function prepare(wanted = {}) {
  if (!isInstalled()) install();
  if (wanted.web) buildWeb();
  if (wanted.browser) await installBrowser();
}

/** Every package of the lock file is there in its version; optional ones may be missing (other platforms' parts). */
function isInstalled() {
  const wanted = readPackages('package-lock.json');
  const present = readPackages('node_modules/.package-lock.json');
  if (!wanted || !present || !pinnedNode()) return false;
  return Object.entries(wanted).every(
    ([path, entry]) => path === '' || entry.optional || entry.devOptional || present[path]?.version === entry.version,
  );
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(join(root, file), 'utf8')).packages;
  } catch {
    return undefined;
  }
}

function install() {
  say('Installing packages…');
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  // Where install scripts are switched off, the pinned Node's own script has not fetched it.
  if (!pinnedNode()) run(process.execPath, ['installArchSpecificPackage.js'], join(root, 'node_modules/node'));
  if (!pinnedNode()) throw new Error('The package `node` came without its program. Delete node_modules and try again.');
}

function buildWeb() {
  if (!existsSync(join(root, 'web/chat/main.tsx'))) return;
  const stamp = hashOf(webSources);
  if (existsSync(join(root, 'dist/web/manifest.json')) && read(webStamp) === stamp) return;
  say('Building the pages…');
  run(pinnedNode(), ['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn']);
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(join(root, webStamp), stamp);
}

/** Of contents, not of times: a checkout changes times. */
function hashOf(paths) {
  const hash = createHash('sha256');
  for (const file of paths.flatMap(filesUnder).sort()) hash.update(`${file}\0`).update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

function filesUnder(path) {
  if (!existsSync(join(root, path))) return [];
  const entries = /\.\w+$/.test(path) ? undefined : readdirSync(join(root, path), { withFileTypes: true });
  return entries?.flatMap((entry) => filesUnderEntry(path, entry)) ?? [path];
}

function filesUnderEntry(path, entry) {
  if (entry.isDirectory()) return filesUnder(`${path}/${entry.name}`);
  return /\.test\.tsx?$/.test(entry.name) ? [] : [`${path}/${entry.name}`];
}

async function installBrowser() {
  const { findBrowser } = await import('./find-browser.mjs');
  if (await findBrowser()) return;
  say('Installing a browser for the tests…');
  if (existsSync('/etc/debian_version') && process.getuid?.() === 0) {
    run('apt-get', ['update', '-q']);
    run('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'chromium']);
  } else {
    run(pinnedNode(), ['node_modules/playwright-core/cli.js', 'install', 'chromium']);
  }
  if (!(await findBrowser())) throw new Error('No browser for the tests. Install Chromium and put it on the path.');
}

/** What they print goes to stderr, so that `--json` on stdout stays JSON. */
function run(command, args, cwd = root) {
  const shell = process.platform === 'win32' && command === 'npm';
  const { status, error } = spawnSync(command, args, { cwd, shell, stdio: ['ignore', 2, 2] });
  if (error || status !== 0) throw new Error(`${command} ${args[0]} failed${error ? `: ${error.message}` : ''}`);
}

function read(file) {
  return existsSync(join(root, file)) ? readFileSync(join(root, file), 'utf8') : '';
}

function say(text) {
  process.stderr.write(`${text}\n`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const wanted = { web: process.argv.includes('--web'), browser: process.argv.includes('--browser') };
  await prepare(wanted).catch((error) => {
    say(error.message);
    process.exitCode = 1;
  });
}
