/** A person's browser without a browser, for tests: a cookie jar, redirects followed by hand, forms read from the page. */

export interface Page {
  url: string;
  status: number;
  headers: Headers;
  body: string;
}

export interface Visitor {
  get(url: string): Promise<Page>;
  /** Fills the page's form that has the button (by its label) and presses it. */
  press(page: Page, button: string, values?: Record<string, string>): Promise<Page>;
  /** Where the last redirect led that `stopAt` accepted; that address was not fetched. */
  landed(): URL | undefined;
}

/** `stopAt` names addresses that are not to be fetched, such as a client's redirect URI that nobody serves. */
export function createVisitor(stopAt: (url: string) => boolean = () => false): Visitor {
  const jar = new Map<string, { host: string; path: string; name: string; value: string }>();
  let last: URL | undefined;

  function store(url: URL, headers: Headers): void {
    for (const line of headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
      const at = pair.indexOf('=');
      const name = pair.slice(0, at);
      const value = pair.slice(at + 1);
      const path = attributes.find((attribute) => /^path=/i.test(attribute))?.slice(5) ?? '/';
      const key = `${url.host} ${path} ${name}`;
      if (value === '') jar.delete(key);
      else jar.set(key, { host: url.host, path, name, value });
    }
  }

  function cookies(url: URL): string {
    return [...jar.values()]
      .filter((cookie) => cookie.host === url.host && url.pathname.startsWith(cookie.path))
      .map((cookie) => `${cookie.name}=${cookie.value}`)
      .join('; ');
  }

  async function go(address: string, init: RequestInit = {}, hops = 15): Promise<Page> {
    const url = new URL(address);
    const headers = new Headers(init.headers);
    headers.set('accept', 'text/html');
    headers.set('cookie', cookies(url));
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    store(url, response.headers);
    const body = await response.text();
    const location = response.headers.get('location');
    const page = { url: url.href, status: response.status, headers: response.headers, body };
    if (response.status < 300 || response.status >= 400 || location === null) return page;
    const next = new URL(location, url);
    if (stopAt(next.href)) {
      last = next;
      return page;
    }
    if (hops === 0) throw new Error(`too many redirects at ${url.href}`);
    return go(next.href, {}, hops - 1);
  }

  return {
    get: (url) => go(url),
    async press(page, label, values = {}) {
      const form = forms(page.body).find((candidate) => candidate.buttons.some((button) => button.label === label));
      const button = form?.buttons.find((candidate) => candidate.label === label);
      if (!form || !button) throw new Error(`no button ${label} at ${page.url}`);
      const body = new URLSearchParams({ ...form.fields, ...values });
      if (button.name) body.set(button.name, button.value);
      const url = new URL(form.action, page.url);
      return go(url.href, { method: form.method, body, headers: { origin: url.origin } });
    },
    landed: () => last,
  };
}

interface Form {
  action: string;
  method: string;
  fields: Record<string, string>;
  buttons: { name: string; value: string; label: string }[];
}

function forms(html: string): Form[] {
  return [...html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)].map(([, opening = '', inner = '']) => ({
    action: attribute(opening, 'action'),
    method: attribute(opening, 'method').toUpperCase() || 'GET',
    fields: Object.fromEntries(
      [...inner.matchAll(/<input\b([^>]*)>/g)].map(([, tag = '']) => [attribute(tag, 'name'), attribute(tag, 'value')]),
    ),
    buttons: [...inner.matchAll(/<button\b([^>]*)>([^<]*)<\/button>/g)].map(([, tag = '', label = '']) => ({
      name: attribute(tag, 'name'),
      value: attribute(tag, 'value'),
      label: label.trim(),
    })),
  }));
}

function attribute(tag: string, name: string): string {
  return new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1]?.replaceAll('&amp;', '&') ?? '';
}
