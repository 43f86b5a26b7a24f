type Node = Record<string, unknown>;

const page = { 'text/html': { schema: { type: 'string' } } };
const leads = (where: string) => ({ description: where, headers: { location: { schema: { type: 'string' } } } });
const shown = (description: string) => ({ description, content: page });
const named = (name: string) => ({ name, in: 'path', required: true, schema: { type: 'string' } });
const open = { tags: ['pages'], security: [] };

const callback = {
  summary: 'Where the provider sends the browser back to. A page a program has no use for',
  parameters: [named('account_id')],
  responses: {
    303: leads('The outcome is known: to a page without code and state in its address'),
    default: shown('A page that says what is wrong'),
  },
};

const callbackByForm = {
  ...callback,
  summary: 'The same where the provider answers with a form (`response_mode=form_post`)',
  requestBody: {
    required: true,
    content: { 'application/x-www-form-urlencoded': { schema: { type: 'object' } } },
  },
  responses: { 303: leads('To the same as a GET, so that the browser sends our cookie') },
};

/** Pages for people and their browsers, in the document so that nobody takes them for a part of the API. */
export const pages: Node = {
  '/chat/{bot_id}': {
    get: {
      ...open,
      operationId: 'showChat',
      summary: 'The hosted chat',
      parameters: [named('bot_id')],
      responses: {
        200: shown('The chat'),
        404: shown('The bot is unknown or not published; a program gets a problem'),
      },
    },
  },
  '/sign-in/{link}': {
    get: {
      ...open,
      operationId: 'showSignIn',
      summary: 'The page of a sign-in link. It changes nothing: previews and scanners may fetch it',
      parameters: [named('link')],
      responses: {
        200: shown('Which brand and bot ask, or a code to type'),
        default: shown('Why there is nothing to do'),
      },
    },
    post: {
      ...open,
      operationId: 'continueSignIn',
      summary: "The page's own form",
      parameters: [named('link')],
      requestBody: {
        required: false,
        content: { 'application/x-www-form-urlencoded': { schema: { type: 'object' } } },
      },
      responses: {
        303: leads('To the provider, or, while this browser is not proven, to the same address'),
        default: shown('Why it does not go on'),
      },
    },
  },
  '/callback/{account_id}/redirectCode': {
    get: { ...open, operationId: 'redirectBackOfRecipe', ...callback },
    post: { ...open, operationId: 'redirectBackOfRecipeByForm', ...callbackByForm },
  },
  '/callback/{account_id}/{credential_id}': {
    get: {
      ...open,
      ...callback,
      operationId: 'redirectBack',
      parameters: [named('account_id'), named('credential_id')],
    },
    post: {
      ...open,
      ...callbackByForm,
      operationId: 'redirectBackByForm',
      parameters: [named('account_id'), named('credential_id')],
    },
  },
};
