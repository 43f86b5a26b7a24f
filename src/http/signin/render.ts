/** The sign-in pages, from what delegation says to HTML. */
import { groupOf } from '../../bot/outcome.ts';
import { outcomeSentence, type SignInSentence, signInSentence } from '../../api/sign-in-sentences.ts';
import type { PageSetting, SignInView } from '../../delegation/sign-in-pages.ts';
import { Html, html, type Piece } from './page.ts';
import { languageOf } from '../../api/catalogue/catalogue.ts';
import { type PageScript, scripts } from './page-scripts.ts';
import { style } from './page-style.ts';

export interface Page {
  status: number;
  html: string;
  /** The page's form leads to the provider. */
  has_form: boolean;
}

/** Pages that belong to no attempt, or must not say to which. */
export type Notice = 'unknown' | 'refused' | 'callback' | 'busy';

interface Content {
  title: SignInSentence;
  body: Piece;
  scripts?: readonly PageScript[];
  /** On `<main>`, once. */
  outcome?: string;
  /** What the page waits for; where scripts do not run it reloads. */
  waits?: string;
  status?: number;
  has_form?: boolean;
}

type Say = (key: SignInSentence) => string;

export function renderView(
  view: SignInView | { kind: 'outage'; setting: PageSetting; visit: string },
  nonce: string,
): Page {
  if (view.kind === 'unknown') return renderNotice('unknown', { nonce, locale: 'en' });
  const { setting } = view;
  const say: Say = (key) => signInSentence(setting.locale, key, { brand: setting.brand, bot: setting.bot });
  return renderPage(contentOf(view, say), { setting, say, nonce });
}

const statusOf: Record<Notice, number> = { unknown: 404, refused: 403, callback: 400, busy: 429 };

export function renderNotice(notice: Notice, given: { nonce: string; locale: string }): Page {
  const say: Say = (key) => signInSentence(given.locale, key, { brand: '', bot: '' });
  const content = { title: `${notice}_title` as const, body: html`<p>${say(notice)}</p>`, status: statusOf[notice] };
  return renderPage(content, {
    setting: { brand: '', bot: '', locale: given.locale, chat_url: null },
    say,
    nonce: given.nonce,
  });
}

type Shown = Exclude<SignInView, { kind: 'unknown' }> | { kind: 'outage'; setting: PageSetting; visit: string };

function contentOf(view: Shown, say: Say): Content {
  switch (view.kind) {
    case 'continue':
      return continueContent(view, say);
    case 'code':
      return codeContent(view.code, say);
    case 'other_browser':
      return {
        title: 'other_browser_title',
        has_form: true,
        body: html`<p>${say('other_browser')}</p>${form(view.visit, say('try_again'))}`,
      };
    case 'outage':
      return {
        title: 'outage_title',
        has_form: true,
        status: 503,
        body: html`<p>${say('outage')}</p>${form(view.visit, say('try_again'))}`,
      };
    case 'working':
      return {
        title: 'working_title',
        waits: 'outcome',
        scripts: ['watch'],
        body: html`<div class="wait"></div><p>${say('working')}</p>`,
      };
    case 'over':
      return { title: 'over_title', scripts: ['back'], body: [html`<p>${say('over')}</p>`, backTo(view.setting, say)] };
    case 'ended':
      return endedContent(view, say);
  }
}

function continueContent(view: Extract<SignInView, { kind: 'continue' }>, say: Say): Content {
  if (view.cookies_missing) {
    return {
      title: 'cookies_title',
      has_form: true,
      scripts: ['pressOnce'],
      // Whoever was sent this link meanwhile sees this too: what warns him stays.
      body: [
        html`<p>${say('ask')}</p>`,
        html`<p>${say('cookies')}</p>`,
        html`<p class="warm">${say('stranger')}</p>`,
        form(view.visit, say('try_again')),
      ],
    };
  }
  const soft = view.proven ? say('where') : say('stranger');
  return {
    title: 'title',
    has_form: true,
    scripts: view.auto ? ['pressOnce', 'goOn'] : ['pressOnce'],
    body: [
      html`<p>${say('ask')}</p>`,
      view.proven ? null : html`<p>${say('where')}</p>`,
      html`<p class="${view.proven ? 'soft' : 'warm'}">${soft}</p>`,
      form(view.visit, say('continue')),
    ],
  };
}

/** There is no field here for a code that somebody else gives out (F8): it travels from this page to the chat only. */
function codeContent(code: string, say: Say): Content {
  return {
    title: 'code_title',
    waits: 'code',
    scripts: ['watch'],
    body: html`<p>${say('code')}</p><strong class="code" data-code translate="no">${code}</strong><p class="warm">${say('code_warning')}</p><noscript><p class="soft">${say('code_reload')}</p></noscript>`,
  };
}

function endedContent(view: Extract<SignInView, { kind: 'ended' }>, say: Say): Content {
  const { outcome, setting } = view;
  const key = outcomeSentence(outcome, outcome === 'granted' ? 'granted' : groupOf(outcome));
  return {
    title: titleOf(key),
    outcome,
    scripts: outcome === 'granted' ? ['back', 'close'] : ['back'],
    body: [html`<p>${say(key)}</p>`, backTo(setting, say)],
  };
}

function titleOf(key: SignInSentence): SignInSentence {
  const title = `${key}_title`;
  return outcomeSentence(title, 'setup_error_title');
}

function form(visit: string, label: string): Html {
  return html`<form method="post" data-continue><input type="hidden" name="visit" value="${visit}"><button type="submit">${label}</button></form>`;
}

function backTo(setting: PageSetting, say: Say): Html {
  if (setting.chat_url === null) return html`<p class="soft">${say('back_plain')}</p>`;
  return html`<a class="back quiet" href="${setting.chat_url}">${say('back')}</a>`;
}

function renderPage(content: Content, given: { setting: PageSetting; say: Say; nonce: string }): Page {
  const { setting, say, nonce } = given;
  const title = say(content.title);
  const outcome = content.outcome === undefined ? null : html` data-outcome="${content.outcome}"`;
  const waits = content.waits === undefined ? null : html` data-waits="${content.waits}"`;
  const reload =
    content.waits === undefined ? null : html`<noscript><meta http-equiv="refresh" content="4"></noscript>`;
  const who = setting.brand === '' ? null : whoAsks(setting);
  const code = (content.scripts ?? []).map((name) => scripts[name]).join('\n');
  // Style and scripts are constants of ours; what a page is about never gets into them.
  const script = code === '' ? null : new Html(`<script nonce="${nonce}">${code}</script>`);
  const page = html`<!doctype html>
<html lang="${languageOf(setting.locale)}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"><meta name="robots" content="noindex"><meta name="color-scheme" content="light dark"><title>${title}</title>${reload}${new Html(`<style nonce="${nonce}">${style}</style>`)}</head>
<body><main${outcome}${waits}>${who}<h1>${title}</h1>${content.body}</main>${script}</body></html>
`;
  return { status: content.status ?? 200, html: page.text, has_form: content.has_form ?? false };
}

function whoAsks(setting: PageSetting): Html {
  const first = [...setting.brand.trim()][0]?.toUpperCase() ?? '·';
  return html`<div class="who"><span class="sign" aria-hidden="true">${first}</span><span><b dir="auto">${setting.brand}</b><span dir="auto">${setting.bot}</span></span></div>`;
}
