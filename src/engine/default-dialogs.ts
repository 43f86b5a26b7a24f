import { type SentenceKey, sentence } from '../api/sentences.ts';
import type { BotDocument, Dialog } from '../bot/document.ts';

/** Texts of the platform's own dialogs, in the consumer's language: `{$errand.escalate}` and the others of these. */
const keys: readonly SentenceKey[] = ['disambiguate', 'escalate', 'escalate_declined', 'confirm_yes', 'confirm_no'];

export function defaultText(locale: string, name: string): string | undefined {
  const key = keys.find((one) => name === `$errand.${one}`);
  return key && sentence(locale, key);
}

/** The document's dialogs, and in place of two kinds that it may lack the platform's own. */
export function dialogsOf(document: BotDocument): Dialog[] {
  const { dialogs, agents } = document;
  const lacks = (type: Dialog['type']): boolean => dialogs.every((dialog) => dialog.type !== type);
  return [
    ...dialogs,
    ...(lacks('disambiguation') && hasIntentStarter(dialogs) ? [disambiguation] : []),
    // Without people there is nobody to escalate to.
    ...(lacks('auto_escalation') && agents ? [escalation] : []),
  ];
}

function hasIntentStarter(dialogs: readonly Dialog[]): boolean {
  return dialogs.some(({ interactions }) =>
    interactions.some((interaction) => interaction.type === 'starter' && interaction.intent !== undefined),
  );
}

const disambiguation: Dialog = {
  id: 'errand:disambiguation',
  name: 'Disambiguation',
  type: 'disambiguation',
  interactions: [{ id: 'errand:which', name: 'Which one', type: 'text_question', text: '{$errand.disambiguate}' }],
};

const escalation: Dialog = {
  id: 'errand:escalation',
  name: 'Auto Escalation',
  type: 'auto_escalation',
  interactions: [
    {
      id: 'errand:escalate',
      name: 'Escalate',
      type: 'multiple_choice',
      text: '{$errand.escalate}',
      choices: ['{$errand.confirm_yes}', '{$errand.confirm_no}'],
      rules: [
        {
          name: 'Yes',
          when: { match: 'option', value: '{$errand.confirm_yes}' },
          then: { go: 'interaction', id: 'errand:transfer' },
        },
        {
          name: 'No',
          when: { match: 'option', value: '{$errand.confirm_no}' },
          then: { go: 'interaction', id: 'errand:declined' },
        },
      ],
    },
    {
      id: 'errand:transfer',
      name: 'Transfer',
      type: 'transfer',
      context: true,
      next: { go: 'end' },
    },
    { id: 'errand:declined', name: 'Declined', type: 'text', text: '{$errand.escalate_declined}' },
  ],
};
