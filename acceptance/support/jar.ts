/** A browser's cookies and redirects without a browser, for what a browser would hide: each hop, each header. */
export interface Page {
  url: string;
  status: number;
  headers: Headers;
  body: string;
}

export interface Jar {
  get(url: string): Promise<Page>;
  /** Posts a page's form with what it holds, changed by `fields`; `press` names the button. */
  submit(page: Page, fields?: Record<string, string>, press?: string): Promise<Page>;
  /** One request, no redirect followed. */
  hop(url: string, init?: RequestInit): Promise<Response>;
  cookies(): string[];
}

/** `watch` is shown every answer on the way, redirects included. */
export function createJar(watch: (hop: Page & { method: string }) => void = () => {}): Jar {
  const cookies = new Map<string, { host: string; name: string; value: string; path: string }>();

  function store(url: URL, response: Response): void {
    for (const line of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(';');
      const at = pair.indexOf('=');
      const name = pair.slice(0, at).trim();
      const value = pair.slice(at + 1).trim();
      const path =
        attributes
          .map((one) => one.trim())
          .find((one) => /^path=/i.test(one))
          ?.slice(5) ?? '/';
      const key = `${url.host}|${path}|${name}`;
      if (value === '' || attributes.some((one) => /^\s*max-age=0/i.test(one))) cookies.delete(key);
      else cookies.set(key, { host: url.host, name, value, path });
    }
  }

  async function hop(address: string, init: RequestInit = {}): Promise<Response> {
    const url = new URL(address);
    const headers = new Headers(init.headers);
    const own = [...cookies.values()].filter((one) => one.host === url.host && url.pathname.startsWith(one.path));
    if (own.length > 0) headers.set('cookie', own.map((one) => `${one.name}=${one.value}`).join('; '));
    if (!headers.has('accept')) headers.set('accept', 'text/html');
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    store(url, response);
    const body = await response.clone().text();
    watch({ method: init.method ?? 'GET', url: url.href, status: response.status, headers: response.headers, body });
    return response;
  }

  async function follow(address: string, init?: RequestInit): Promise<Page> {
    let url = address;
    let response = await hop(url, init);
    for (let hops = 0; hops < 15; hops += 1) {
      const location = response.headers.get('location');
      if (response.status < 300 || response.status >= 400 || location === null) break;
      await response.arrayBuffer();
      url = new URL(location, url).href;
      response = await hop(url);
    }
    return { url, status: response.status, headers: response.headers, body: await response.text() };
  }

  return {
    get: (url) => follow(url),
    hop,
    async submit(page, fields = {}, press) {
      const form = formOf(page, press);
      const body = new URLSearchParams({ ...form.fields, ...fields, ...form.button });
      const { origin } = new URL(page.url);
      const headers = { 'content-type': 'application/x-www-form-urlencoded', origin, referer: page.url };
      return await follow(form.action, { method: 'POST', headers, body });
    },
    cookies: () => [...cookies.values()].map((one) => `${one.host} ${one.name}=${one.value}`),
  };
}

const decode = (text: string) =>
  text.replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&#x2F;', '/');

function attribute(tag: string, name: string): string | undefined {
  const found = new RegExp(`\\b${name}\\s*=\\s*"([^"]*)"`, 'i').exec(tag)?.[1];
  return found === undefined ? undefined : decode(found);
}

function formOf(page: Page, press?: string) {
  const forms = [...page.body.matchAll(/<form\b[\s\S]*?<\/form>/gi)].map((found) => found[0]);
  const html = forms.find((form) => press === undefined || form.includes(press));
  if (html === undefined)
    throw new Error(
      `no form${press ? ` with ${press}` : ''} on ${page.url} (${page.status}): ${page.body.slice(0, 300)}`,
    );
  const fields: Record<string, string> = {};
  for (const [tag] of html.matchAll(/<input\b[^>]*>/gi)) {
    const name = attribute(tag, 'name');
    if (name !== undefined) fields[name] = attribute(tag, 'value') ?? '';
  }
  const button: Record<string, string> = {};
  for (const [tag, label = ''] of html.matchAll(/<button\b[^>]*>([\s\S]*?)<\/button>/gi)) {
    const name = attribute(tag, 'name');
    if (name !== undefined && press !== undefined && label.includes(press))
      button[name] = attribute(tag, 'value') ?? '';
  }
  return { action: new URL(attribute(html, 'action') || page.url, page.url).href, fields, button };
}

/** The code that an unproven browser shows. */
export const codeOf = (page: Page) => /<[a-z]+\b[^>]*\bdata-code\b[^>]*>\s*([^<]{4,12}?)\s*</i.exec(page.body)?.[1];
/** How the attempt ended, as the page says. */
export const outcomeOf = (page: Page) => /<main\b[^>]*\bdata-outcome="([^"]+)"/i.exec(page.body)?.[1];
export const hasContinue = (page: Page) => /<form\b[^>]*\bdata-continue\b/i.test(page.body);
