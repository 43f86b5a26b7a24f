/** The brand's pages: no scripts, nothing from elsewhere, made for a phone first. */
import type { OrderView } from './order-book.ts';

export const brandName = 'Brightwater Goods';

const scopeTexts: Record<string, string> = {
  openid: 'Know that it is you',
  'orders.read': 'See your orders',
  'orders.write': 'Cancel an order for you',
};

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)} · ${brandName}</title>
<link rel="stylesheet" href="/brand.css">
</head>
<body>
<header><a class="mark" href="/"><span class="wave" aria-hidden="true"></span>${brandName}</a></header>
<main>
${body}
</main>
<footer>A demo shop. Nothing here is for sale.</footer>
</body>
</html>
`;
}

export interface LoginPage {
  action: string;
  /** What was typed before, when it was wrong. */
  login?: string;
  wrong?: boolean;
}

export function loginPage({ action, login = '', wrong = false }: LoginPage): string {
  const alert = wrong ? '<p class="alert" role="alert">That login and password do not belong together.</p>' : '';
  return page(
    'Sign in',
    `<section class="card">
<h1>Sign in</h1>
<p>Welcome back to ${brandName}.</p>
${alert}
<form method="post" action="${escape(action)}">
<label for="login">Login</label>
<input id="login" name="login" value="${escape(login)}" autocomplete="username" autocapitalize="none" spellcheck="false" required autofocus>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<button type="submit" class="primary">Sign in</button>
</form>
</section>`,
  );
}

export interface ConsentPage {
  action: string;
  /** Who asks. */
  client: string;
  customer: string;
  scopes: string[];
}

export function consentPage({ action, client, customer, scopes }: ConsentPage): string {
  const wishes = scopes.map((scope) => `<li>${escape(scopeTexts[scope] ?? scope)}</li>`).join('\n');
  return page(
    'Your permission',
    `<section class="card">
<h1>${escape(client)} asks for your permission</h1>
<p>You are signed in as <strong>${escape(customer)}</strong>. With your permission it may:</p>
<ul class="wishes">
${wishes}
</ul>
<form method="post" action="${escape(action)}" class="choice">
<button type="submit" name="decision" value="allow" class="primary">Allow</button>
<button type="submit" name="decision" value="refuse">Refuse</button>
</form>
<p class="small">You can take this back in the chat at any time.</p>
</section>`,
  );
}

export interface ShopPage {
  customer?: string | undefined;
  orders: OrderView[];
  chatUrl?: string | undefined;
}

const goods = [
  ['Copper Kettle', '49.00 EUR'],
  ['Garden Lantern', '35.50 EUR'],
  ['Reading Lamp', '72.00 EUR'],
  ['Wool Blanket', '89.00 EUR'],
] as const;

export function shopPage({ customer, orders, chatUrl }: ShopPage): string {
  const shelf = goods.map(
    ([item, price], place) =>
      `<li><span class="picture tone-${place}" aria-hidden="true"></span><strong>${item}</strong><span>${price}</span></li>`,
  );
  const lines = orders.map(
    (order) =>
      `<li><strong>${escape(order.item)}</strong><span>${escape(order.number)}</span><span>${escape(order.status_text)}</span></li>`,
  );
  const account = customer
    ? `<section class="card"><h2>Hello, ${escape(customer)}</h2><ul class="orders">${lines.join('\n')}</ul>
<form method="post" action="/sign-out"><button type="submit">Sign out of the shop</button></form></section>`
    : '';
  const chat = chatUrl ? `<p><a class="button" href="${escape(chatUrl)}">Ask the order assistant</a></p>` : '';
  return page(
    'Things that last',
    `<section class="hero"><h1>Things that last</h1><p>For kitchens, gardens and long evenings.</p>${chat}</section>
${account}
<ul class="shelf">
${shelf.join('\n')}
</ul>`,
  );
}

export function errorPage(detail: string): string {
  return page(
    'That did not work',
    `<section class="card">
<h1>That did not work</h1>
<p>${escape(detail)}</p>
<p>Go back to where you came from and start again.</p>
</section>`,
  );
}

export function missingPage(): string {
  return page(
    'Not here',
    `<section class="card">
<h1>This page is not here</h1>
<p>Perhaps it has moved, or the address is not complete.</p>
<p><a class="button" href="/">To the shop</a></p>
</section>`,
  );
}

export function unavailablePage(): string {
  return page(
    'Closed for a moment',
    '<section class="card"><h1>Closed for a moment</h1><p>We are back soon.</p></section>',
  );
}
