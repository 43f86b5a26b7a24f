import { expect, test } from 'vitest';
import type { BotDocument, Interaction } from './document.ts';
import { flowOf } from './flow.ts';

test('what scripts of one id jump to is kept once, however many name it', () => {
  const again: Interaction = {
    id: 'a',
    name: 'a',
    type: 'text',
    text: 'a',
    pre_process: "botContext.setTriggerNextMessage('a');".repeat(20),
  };
  const document: BotDocument = {
    format: 'errand.bot/1',
    name: 'Bot',
    global_functions: again.pre_process ?? '',
    dialogs: [{ id: 'd', name: 'd', type: 'standard', interactions: Array.from({ length: 2_000 }, () => again) }],
    integrations: [],
  };
  const { leads, jumpedTo } = flowOf(document);
  expect([...leads]).toEqual([['a', ['a']]]);
  expect(jumpedTo).toEqual(['a']);
});
