import { createHash, timingSafeEqual } from 'node:crypto';
import { errors, type default as Provider } from 'oidc-provider';
import { customers } from './customers.ts';
import { consentPage, errorPage, loginPage } from './pages.ts';
import { type Exchange, readForm, sendPage } from './web.ts';

type Details = Awaited<ReturnType<Provider['interactionDetails']>>;

export interface Interactions {
  /** Answers `/interaction/{uid}`, `…/login` and `…/consent`. */
  handle(exchange: Exchange): Promise<void>;
}

/** The brand's own login and consent pages, in the provider's road from authorization request to code. */
export function createInteractions(provider: Provider): Interactions {
  async function show({ response }: Exchange, details: Details): Promise<void> {
    const action = `/interaction/${details.uid}`;
    if (details.prompt.name === 'login') return sendPage(response, 200, loginPage({ action: `${action}/login` }));
    const client = await provider.Client.find(String(details.params.client_id));
    const customer = customers().find((person) => person.login === details.session?.accountId);
    const html = consentPage({
      action: `${action}/consent`,
      client: client?.clientName ?? 'An application',
      customer: customer?.name ?? '',
      scopes: missingScopes(details),
    });
    sendPage(response, 200, html);
  }

  async function login({ request, response }: Exchange, details: Details): Promise<void> {
    const form = await readForm(request);
    const name = (form.get('login') ?? '').trim().toLowerCase();
    const customer = customers().find((person) => person.login === name);
    if (!customer || !same(customer.password, form.get('password') ?? '')) {
      const action = `/interaction/${details.uid}/login`;
      return sendPage(response, 401, loginPage({ action, login: name, wrong: true }));
    }
    const result = { login: { accountId: customer.login } };
    await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  }

  async function consent({ request, response }: Exchange, details: Details): Promise<void> {
    const form = await readForm(request);
    if (form.get('decision') !== 'allow') {
      const refusal = { error: 'access_denied', error_description: 'The customer refused.' };
      return provider.interactionFinished(request, response, refusal, { mergeWithLastSubmission: false });
    }
    const accountId = details.session?.accountId ?? '';
    const before = details.grantId ? await provider.Grant.find(details.grantId) : undefined;
    const grant = before ?? new provider.Grant({ accountId, clientId: String(details.params.client_id) });
    grant.addOIDCScope(missingScopes(details).join(' '));
    const result = { consent: { grantId: await grant.save() } };
    await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true });
  }

  async function road(exchange: Exchange): Promise<void> {
    const { request, response, url } = exchange;
    const details = await provider.interactionDetails(request, response);
    const [, , uid, step] = url.pathname.split('/');
    const isOwn = uid === details.uid;
    if (isOwn && request.method === 'GET' && step === undefined) return show(exchange, details);
    // A step that is not the one the provider waits for (back button, double click) shows the one it waits for.
    if (isOwn && request.method === 'POST' && step !== details.prompt.name) return show(exchange, details);
    if (isOwn && request.method === 'POST' && step === 'login') return login(exchange, details);
    if (isOwn && request.method === 'POST' && step === 'consent') return consent(exchange, details);
    sendPage(response, 404, errorPage('There is no such page.'));
  }

  return {
    async handle(exchange) {
      try {
        await road(exchange);
      } catch (error) {
        if (!(error instanceof errors.SessionNotFound)) throw error;
        sendPage(exchange.response, 400, errorPage('This sign-in has ended or belongs to another browser.'));
      }
    },
  };
}

function missingScopes(details: Details): string[] {
  const missing = details.prompt.details.missingOIDCScope;
  return Array.isArray(missing) ? missing.map(String) : [];
}

function same(expected: string, given: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(expected), digest(given));
}
