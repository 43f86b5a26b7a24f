import { ConfigError } from './config.ts';
import { startSmall } from './main/start-small.ts';
import { type Verb, WrongUse } from './main/verb.ts';

/** The verbs, each loaded only when it is called, so that `--help` and `check` start at once. */
const verbs: Record<string, () => Promise<Verb>> = {
  serve: async () => {
    startSmall();
    return (await import('./main/serve.ts')).serve;
  },
  demo: async () => (await import('./main/demo.ts')).demo,
  check: async () => (await import('./main/check.ts')).check,
  import: async () => (await import('./main/import.ts')).importExport,
  test: async () => (await import('./main/test-scripts.ts')).testScripts,
  'keys list': async () => (await import('./main/keys-verbs.ts')).keysList,
  'keys rotate': async () => (await import('./main/keys-verbs.ts')).keysRotate,
  'admin create-account': async () => (await import('./main/admin.ts')).createAccountVerb,
  'admin create-key': async () => (await import('./main/admin.ts')).createKeyVerb,
};

async function main(args: string[]): Promise<number> {
  const found = findVerb(args);
  if (!found) return await listVerbs(args);
  const verb = await found.load();
  if (found.rest.includes('--help') || found.rest.includes('-h')) {
    process.stdout.write(`${verb.help}\n`);
    return 0;
  }
  try {
    return await verb.run(found.rest);
  } catch (error) {
    if (error instanceof WrongUse) return complain(`${error.message}\n\n${verb.help}`, 2);
    if (error instanceof ConfigError) return complain(error.message, 2);
    return complain(error instanceof Error ? error.message : String(error), 1);
  }
}

function findVerb(args: string[]): { load: () => Promise<Verb>; rest: string[] } | undefined {
  for (const words of [2, 1]) {
    const load = Object.hasOwn(verbs, args.slice(0, words).join(' '))
      ? verbs[args.slice(0, words).join(' ')]
      : undefined;
    if (load) return { load, rest: args.slice(words) };
  }
  return undefined;
}

/** All of them, or those of a group such as `keys`: asked for, or because another one was called. */
async function listVerbs(args: string[]): Promise<number> {
  const group = Object.keys(verbs).some((name) => name.startsWith(`${args[0]} `)) ? args[0] : undefined;
  const listed = Object.entries(verbs).filter(([name]) => group === undefined || name.startsWith(`${group} `));
  const loaded = await Promise.all(listed.map(([, load]) => load()));
  const lines = loaded.map((verb) => `  ${verb.name.padEnd(22)}${verb.summary}`);
  const usage = ['errand', ...(group === undefined ? [] : [group]), '<verb> [arguments]'].join(' ');
  const text = [usage, '', ...lines, '', `${usage.replace('[arguments]', '--help')} tells more.`].join('\n');
  const wrong = group === undefined ? args[0] : args[1];
  if (wrong === undefined && group !== undefined) return complain(`${group} needs one of its verbs\n\n${text}`, 2);
  if (wrong !== undefined && !['--help', '-h', 'help'].includes(wrong)) {
    const known = group === undefined ? 'there is no verb' : `${group} has no verb`;
    return complain(`${known} "${wrong}"\n\n${text}`, 2);
  }
  process.stdout.write(`${text}\n`);
  return wrong === undefined ? 2 : 0;
}

function complain(text: string, code: number): number {
  process.stderr.write(`errand: ${text}\n`);
  return code;
}

/** Whoever reads no further, as `head` does, or has no room left for what is printed: a server must not end for that. */
function withoutReader(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') return;
  process.exitCode = 1;
  process.stderr.write(`errand: what is printed cannot be written: ${error.message}\n`);
}

process.stdout.on('error', withoutReader);
process.stderr.on('error', () => {});
process.exitCode = await main(process.argv.slice(2));
