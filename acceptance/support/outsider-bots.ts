/** Bots as an outsider writes them, for a brand API whose good answer is `{ item, items: [{ id }] }`. */

/** LivePerson's pre-process code, as its page has it. */
export const snippet = `var cidp_accessToken = botContext.getWebViewVariable('cidp_accessToken');

if(cidp_accessToken) {
  botContext.setBotVariable('cidp_accessToken',cidp_accessToken,true,false);
}`;

export interface ManagedBot {
  brandUrl: string;
  /** The credential's name; none: calls without permission. */
  credential?: string;
  timeoutMs?: number;
}

/** How long these bots wait for the brand: seldom waited for, and enough for every try on a busy machine. ms. */
export const patience = 2_500;

/** "where is my order?" reads, "cancel my order" writes; nothing but the credential is attached. */
export function managedBot({ brandUrl, credential, timeoutMs = patience }: ManagedBot) {
  const common = { type: 'api', ...(credential === undefined ? {} : { credential }), timeout_ms: timeoutMs };
  const dialog = (id: string, pattern: string, answer: string) => ({
    id,
    name: id,
    type: 'standard',
    interactions: [
      { id: `${id}-start`, name: `${id} starter`, type: 'starter', patterns: [pattern] },
      { id: `${id}-call`, name: `${id} call`, type: 'integration', integration: id },
      { id: `${id}-answer`, name: `${id} answer`, type: 'text', text: answer, next: { go: 'end' } },
    ],
  });
  return {
    format: 'errand.bot/1',
    name: 'Outsider desk',
    dialogs: [
      dialog('Orders', '*where*order*', 'Your order: {Orders.item}.'),
      dialog('Cancel', '*cancel*order*', 'Cancelled: {Cancel.item}.'),
    ],
    integrations: [
      {
        ...common,
        id: 'orders',
        name: 'Orders',
        description: 'look up your order',
        method: 'GET',
        url: `${brandUrl}/orders`,
        response_variable: 'Orders',
        fields: [{ key: 'item', value: '{$.api_Orders.item}' }],
      },
      {
        ...common,
        id: 'cancel',
        name: 'Cancel',
        description: 'cancel your order',
        method: 'POST',
        url: `${brandUrl}/orders/cancel`,
        response_variable: 'Cancel',
        fields: [{ key: 'item', value: '{$.api_Cancel.item}' }],
      },
    ],
  };
}

/** The recipe's dialog in LivePerson's export format: an integration with the token header, then the Login button. */
export function recipeExport({ brandUrl, header = true, code = snippet }: RecipeExport) {
  const goOn = (name: string, status: string, value: string) => ({
    name,
    conditions: [{ matchType: 'API_RESULT', apiResultsMatch: { status } }],
    action: { name: 'INTERACTION', value },
  });
  const login = {
    name: 'Login',
    type: 'web_url',
    callback: '{$botContext.external_auth_url}',
    webviewHeightRatio: 'full',
    target: 'blank',
  };
  return {
    responder: [
      {
        name: 'Orders',
        integrationType: 'API',
        method: 'GET',
        webhook: `${brandUrl}/orders`,
        responseDataVariable: 'Orders',
        headers: header ? [{ key: 'Authorization', value: 'Bearer {$botContext.cidp_accessToken}' }] : [],
        customDataFields: [{ key: 'id', value: '{$.api_Orders.items[i].id}' }],
        group: 'Responders',
        ...(header ? {} : { apiCredentialsId: recipeImportId }),
      },
    ],
    conversationMessage: [
      {
        id: 'm1',
        name: 'start',
        interactionType: 'DIALOG_STARTER',
        pattern: ['*my order*'],
        nextMessageId: 'm2',
        responseMatches: [
          {
            conditions: [],
            contextConditions: [],
            action: { name: 'INTERACTION', value: 'next' },
            contextDataVariables: [],
          },
        ],
      },
      {
        id: 'm2',
        name: 'get_orders',
        interactionType: 'API_INTEGRATION',
        content: { contentType: 'DYNAMIC', responderName: 'Orders' },
        preProcessMessage: code,
        responseMatches: [goOn('fail', 'FAILURE', 'm3'), goOn('ok', 'SUCCESS', 'm4')],
      },
      {
        id: 'm3',
        name: 'login',
        interactionType: 'BUTTON',
        content: {
          contentType: 'STATIC',
          results: { type: 'BUTTON', tile: { tileData: [{ text: 'Please verify', buttons: [login] }] } },
        },
      },
      {
        id: 'm4',
        name: 'show',
        interactionType: 'TEXT',
        content: {
          contentType: 'STATIC',
          results: { type: 'TEXT', tile: { tileData: [{ text: 'Your order: {Orders.id}.' }] } },
        },
      },
    ],
  };
}

export interface RecipeExport {
  brandUrl: string;
  /** Without it the export names the credential by `recipeImportId`, or nothing would say that one is meant. */
  header?: boolean;
  /** The pre-process code. */
  code?: string;
}

/** What exports call the recipe's credential. */
export const recipeImportId = 'c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00';
