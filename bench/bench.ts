/**
 * `npm run bench`: each figure beside its limit, measured in the same run. `--quick` takes a minute and a half, `--full`
 * goes up to a million conversations, `--json` prints JSON, a name runs only that measurement.
 */
import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { isMet, type Measurement, type Row } from './measurement.ts';
import { loadCore } from './process.ts';
import { conversationScripts } from './rows/conversation-scripts.ts';
import { delegated } from './rows/delegated.ts';
import { dialogTurn } from './rows/dialog-turn.ts';
import { engineTurn } from './rows/engine-turn.ts';
import { growth } from './rows/growth.ts';
import { idleStreams } from './rows/idle-streams.ts';
import { start } from './rows/start.ts';
import { turnOverHttp } from './rows/turn-over-http.ts';
import { table } from './table.ts';

const measurements: readonly Measurement[] = [
  turnOverHttp,
  dialogTurn,
  engineTurn,
  delegated,
  idleStreams,
  start,
  growth,
  conversationScripts,
];

const { values: flags, positionals: names } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    full: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});

const unknown = names.find((name) => measurements.every((one) => one.name !== name));
if (unknown !== undefined) {
  process.stderr.write(`no measurement ${unknown}; there are: ${measurements.map(({ name }) => name).join(', ')}\n`);
  process.exit(2);
}

const rows: Row[] = [];
const from = performance.now();
for (const measurement of measurements) {
  if (names.length > 0 && !names.includes(measurement.name)) continue;
  process.stderr.write(`${measurement.name}…\n`);
  rows.push(...(await measurement.run(flags)));
}

const machine = {
  cores: availableParallelism(),
  cpu: cpus()[0]?.model ?? '',
  node: process.version,
  load_generator: loadCore,
  seconds: Math.round((performance.now() - from) / 1_000),
};

if (flags.json) {
  process.stdout.write(
    `${JSON.stringify({ machine, rows: rows.map((row) => ({ ...row, met: isMet(row) })) }, null, 2)}\n`,
  );
} else {
  const { cores, cpu, node, load_generator, seconds } = machine;
  const lines = [
    `${cores} cores (${cpu}), Node ${node}; the load generator on ${load_generator}; ${seconds} s in all.`,
    'Medians of rounds in which both sides took turns; a result is the median of the rounds’ own ratios.',
  ];
  process.stdout.write(`${lines.join('\n')}\n\n${table(rows)}\n`);
}
