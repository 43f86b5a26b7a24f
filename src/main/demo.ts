import { startDemo } from '../../demo/run.ts';
import { readConfig } from '../config.ts';
import { parse } from './arguments.ts';
import { print, quietUnlessAsked, runUntilSignal } from './run-server.ts';
import type { Verb } from './verb.ts';

export const demo: Verb = {
  name: 'demo',
  summary: 'the demo: the server, a demo brand on another site, two bots, a live trace',
  help: 'errand demo\n\nStarts the demo with its data under data/demo. `npm start` does the same after installing what is missing.',
  async run(args) {
    parse(args, {});
    const config = quietUnlessAsked(readConfig({ ERRAND_DATA_DIR: 'data/demo', ...process.env }), process.env);
    return await runUntilSignal(async () => {
      const running = await startDemo(config);
      const { setup, brand, errand } = running;
      print([
        '',
        `  Errand is ready: ${errand.url}`,
        `  The demo brand:  ${brand.url}`,
        '',
        '  Ask "where is my order?", tap Login, and sign in as one of',
        ...brand.users.map(({ login, password }) => `    ${login.padEnd(12)} password: ${password}`),
        '',
        ...setup.bots.map((bot) => `  ${bot.name} (${bot.mode}): ${bot.chat_url}`),
        '',
        '  Ctrl+C ends it.',
        '',
      ]);
      return running;
    });
  },
};
