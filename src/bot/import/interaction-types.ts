/**
 * What exports call their interactions. Eleven names were read from exports; of the others only the kinds are known, so
 * each plausible spelling is taken, and the report says that it was a guess.
 */

/** A kind of interaction that becomes one of the document's. */
export type KnownKind =
  | 'starter'
  | 'text'
  | 'image'
  | 'text_question'
  | 'quick_reply'
  | 'multiple_choice'
  | 'button'
  | 'structured'
  | 'universal'
  | 'list_picker'
  | 'time_picker'
  | 'file_upload'
  | 'integration'
  | 'transfer'
  | 'route'
  | 'media'
  | 'rich_link';

const seen: Record<string, KnownKind> = {
  DIALOG_STARTER: 'starter',
  TEXT: 'text',
  IMAGE: 'image',
  TEXT_QUESTION: 'text_question',
  QUICK_REPLY: 'quick_reply',
  MULTIPLE_CHOICE_QUESTION: 'multiple_choice',
  BUTTON: 'button',
  STRUCTURED: 'structured',
  UNIVERSAL: 'universal',
  API_INTEGRATION: 'integration',
  ESCALATION: 'transfer',
};

/** By what is left of a name without the channel in front and the category behind. */
const guessed: Record<string, KnownKind> = {
  TEXT: 'text',
  IMAGE: 'image',
  QUICK_REPLY: 'quick_reply',
  MULTIPLE_CHOICE: 'multiple_choice',
  BUTTON: 'button',
  STRUCTURED: 'structured',
  UNIVERSAL: 'universal',
  LIST_PICKER: 'list_picker',
  STRUCTURED_LIST_PICKER: 'list_picker',
  TIME_PICKER: 'time_picker',
  STRUCTURED_TIME_PICKER: 'time_picker',
  FILE_UPLOAD: 'file_upload',
  FILE: 'file_upload',
  INTEGRATION: 'integration',
  API: 'integration',
  FUNCTION: 'integration',
  FUNCTIONS: 'integration',
  FAAS: 'integration',
  LIVEPERSON_FUNCTIONS: 'integration',
  AGENT_TRANSFER: 'transfer',
  AGENT_ESCALATION: 'transfer',
  ESCALATION: 'transfer',
  DYNAMIC_ROUTING: 'route',
  BOT_TRANSFER: 'route',
  BOT_ROUTING: 'route',
  AUDIO: 'media',
  VIDEO: 'media',
  RICH_LINK: 'rich_link',
  RICHLINK: 'rich_link',
};

/** What a type of the export is taken for, and whether that is a guess; undefined where it is kept as it is. */
export function kindOf(type: string): { kind: KnownKind; guess: boolean } | undefined {
  const known = Object.hasOwn(seen, type) ? seen[type] : undefined;
  if (known) return { kind: known, guess: false };
  const name = type
    .toUpperCase()
    .replaceAll('-', '_')
    .replace(/^(APPLE|ABC|LP)_/, '')
    .replace(/_(QUESTION|STATEMENT|INTERACTION|INTEGRATION)$/, '');
  const kind = Object.hasOwn(guessed, name) ? guessed[name] : undefined;
  return kind && { kind, guess: true };
}

const statements: readonly KnownKind[] = [
  'starter',
  'text',
  'image',
  'media',
  'rich_link',
  'integration',
  'transfer',
  'route',
];

/** Whether the consumer must say something before it goes on. Of what is not known nothing is expected. */
export function waits(type: string): boolean {
  const kind = kindOf(type)?.kind;
  return kind !== undefined && !statements.includes(kind);
}

/** Why a type that is known from LivePerson's pages cannot run here. */
export function whyOpaque(type: string): string {
  if (/KNOWLEDGE/i.test(type)) return 'Knowledge bases are not connected to Errand.';
  if (/MAIL/i.test(type)) return 'Errand sends no e-mail; a function of the brand can.';
  if (/PAY/i.test(type)) return 'Payments are not made in Errand.';
  if (/SURVEY|CSAT|NPS|FCR/i.test(type)) return 'Surveys after a conversation are not made in Errand.';
  return 'Errand does not know what it does.';
}
