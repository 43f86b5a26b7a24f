import { describe, expect, it } from 'vitest';
import { outcomeOn, passBrand } from './support/brand-pages.ts';
import { chatOn } from './support/chat-page.ts';
import { untilClosed } from './support/chromium.ts';
import { setScene } from './support/scene.ts';

const scene = setScene({ brand: { severOpener: true } });

describe.each(['desktop', 'phone'] as const)(
  'at a provider that severs its window from the chat, on a %s',
  (device) => {
    const mode = device === 'phone' ? 'recipe' : 'managed';

    it('one tap on Login is all: the order appears and the window closes itself', async () => {
      const { person, chat } = await scene.asking({ device, mode });
      person.rest();
      const window = await chat.login();
      await passBrand(person, window, scene.demo.user('mia'));
      await chat.hears('Copper Kettle');
      await untilClosed(window);
      expect(person.effort(scene.demo.url)).toEqual({ typed: 0, pressed: 1 });
      expect(person.complaints()).toEqual([]);
    });

    it('a tab that the chat did not open cannot close itself: one more tap leads back to the chat and its answer', async () => {
      const { person, chat } = await scene.asking({ device, mode });
      const link = await chat.link();
      await chat.page.close();
      const tab = await person.open(link);
      person.rest();
      await passBrand(person, tab, scene.demo.user('mia'));
      expect(await outcomeOn(tab)).toBe('granted');
      await person.press(tab.getByRole('link', { name: 'Back to the chat' }));
      await chatOn(person, tab).hears('Copper Kettle');
      expect(person.effort(scene.demo.url)).toEqual({ typed: 0, pressed: 1 });
    });
  },
);
