import type { DemoBot } from './demo-api.ts';

const explained = {
  managed: 'The credential is attached to the integration, and nothing else.',
  recipe: 'Built to LivePerson’s page: header, script and button by hand. It runs unchanged.',
};

export interface BotChoiceProps {
  bots: DemoBot[];
  chosen: DemoBot;
  onChoose(bot: DemoBot): void;
}

export function BotChoice({ bots, chosen, onChoose }: BotChoiceProps) {
  return (
    <fieldset class="bot-choice">
      <legend class="unseen">Bot</legend>
      {bots.map((bot) => (
        <label key={bot.id} title={explained[bot.mode]}>
          <input type="radio" name="bot" checked={bot.id === chosen.id} onChange={() => onChoose(bot)} />
          <strong>{bot.mode === 'managed' ? 'Managed' : 'Recipe'}</strong>
          <small>{bot.name}</small>
        </label>
      ))}
    </fieldset>
  );
}
