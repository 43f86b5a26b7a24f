import { printConfig, readConfig } from '../config.ts';
import { parse } from './arguments.ts';
import { assemble } from './assemble.ts';
import { print, runUntilSignal } from './run-server.ts';
import { growWithLoad } from './start-small.ts';
import type { Verb } from './verb.ts';

export const serve: Verb = {
  name: 'serve',
  summary: 'the server, configured by the environment (docs/running.md)',
  help: 'errand serve\n\nStarts the server. Settings come from ERRAND_… variables; SIGTERM drains and exits 0.',
  async run(args) {
    parse(args, {});
    const config = readConfig(process.env);
    return await runUntilSignal(async () => {
      const errand = await assemble(config);
      errand.world.log.info({ settings: printConfig(config).split('\n') }, 'starting');
      const url = await errand.listen();
      growWithLoad();
      print([`Errand listens at ${url}`]);
      return errand;
    });
  },
};
