import type { Integration } from '../document.ts';
import type { InteractionPlace } from '../places.ts';

/** What the recipe of LivePerson's page puts into a button and into a header. */
export const linkExpression = '{$botContext.external_auth_url}';
export const tokenExpression = '{$botContext.cidp_accessToken}';

/** Whether the consumer is shown the sign-in link there. */
export function offersLink({ interaction }: InteractionPlace): boolean {
  if (interaction.type === 'structured')
    return interaction.tiles.some(({ item_url, buttons = [] }) =>
      [item_url, ...buttons.map(({ callback }) => callback)].some((text) => text?.includes(linkExpression)),
    );
  if (interaction.type === 'button_question')
    return (
      interaction.text.includes(linkExpression) ||
      interaction.buttons.some(({ callback }) => callback?.includes(linkExpression))
    );
  if (interaction.type === 'universal') return interaction.content.includes(linkExpression);
  return 'text' in interaction && (interaction.text?.includes(linkExpression) ?? false);
}

/** Whether it sends the consumer's access token by the recipe's header. */
export function sendsToken({ headers = [] }: Integration): boolean {
  return headers.some(({ value }) => value.includes(tokenExpression));
}
