import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, devices, type Locator, type Page } from 'playwright-core';
import { findBrowser } from '../../tools/find-browser.mjs';

/** What a person did on a page: a character more or less in a field, or a press. */
interface Deed {
  kind: 'typed' | 'pressed';
  origin: string;
}

/** One person with one browser: cookies and storage of her own. */
export interface Person {
  context: BrowserContext;
  open(url: string): Promise<Page>;
  /** A finger on a phone, else the mouse. */
  press(target: Locator): Promise<void>;
  /** Presses what opens a window, and gives the window. */
  pressForWindow(target: Locator): Promise<Page>;
  /** What she did on the pages of this origin since the last `rest`. */
  effort(origin: string): { typed: number; pressed: number };
  rest(): void;
  /** Errors in the console, violated policies, scripts that broke. None is the only right answer. */
  complaints(): string[];
  /** Every origin that any of her pages asked for anything. */
  origins(): string[];
  leave(): Promise<void>;
}

export interface PersonOptions {
  scripts?: boolean;
  locale?: string;
  dark?: boolean;
  /** Device pixels for each CSS pixel. */
  scale?: number;
}

export interface Chromium {
  desktop(options?: PersonOptions): Promise<Person>;
  phone(options?: PersonOptions): Promise<Person>;
  /** A browser of her own whose settings block these on every site. */
  strict(blocks: 'cookies' | 'javascript'): Promise<Person>;
  close(): Promise<void>;
}

/** The machine's Chromium, with third-party cookies blocked as the strictest browsers do. */
export async function startChromium(): Promise<Chromium> {
  const executablePath = await findBrowser();
  if (executablePath === undefined) throw new Error('no Chromium: npm test installs one');
  const how = { executablePath, args: ['--no-sandbox', '--disable-gpu', '--test-third-party-cookie-phaseout'] };
  const browser = await chromium.launch(how);
  const { defaultBrowserType: _, ...pixel } = devices['Pixel 7'] ?? {};
  const newContext = async (look: Look, options: PersonOptions = {}) =>
    newPerson(await browser.newContext({ ...look, ...asWished(options) }), look);
  return {
    desktop: (options) => newContext({ viewport: { width: 1280, height: 800 } }, options),
    phone: (options) => newContext({ ...pixel, viewport: { width: 390, height: 844 } }, options),
    async strict(blocks) {
      const profile = await mkdtemp(join(tmpdir(), 'errand-chromium-'));
      const settings = { profile: { default_content_setting_values: { [blocks]: 2 } } };
      await mkdir(join(profile, 'Default'));
      await writeFile(join(profile, 'Default', 'Preferences'), JSON.stringify(settings));
      const context = await chromium.launchPersistentContext(profile, how);
      const person = await newPerson(context, {});
      return {
        ...person,
        async leave() {
          await person.leave();
          // The last of its processes may still write there.
          await rm(profile, { recursive: true, force: true, maxRetries: 10 });
        },
      };
    },
    close: () => browser.close(),
  };
}

type Look = NonNullable<Parameters<Browser['newContext']>[0]>;

function asWished({ scripts = true, locale = 'en-US', dark = false, scale }: PersonOptions): Look {
  return {
    javaScriptEnabled: scripts,
    locale,
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
    ...(scale === undefined ? {} : { deviceScaleFactor: scale }),
  };
}

async function newPerson(context: BrowserContext, look: Look): Promise<Person> {
  context.setDefaultTimeout(30_000);
  const complaints = collectComplaints(context);
  const origins = collectOrigins(context);
  let deeds: Deed[] = [];
  await watchDeeds(context, (deed) => deeds.push(deed));
  const press = (target: Locator) =>
    unlessItCloses(target.page(), () => (look.hasTouch ? target.tap() : target.click()));
  return {
    context,
    press,
    async open(url) {
      const page = await context.newPage();
      await page.goto(url);
      return page;
    },
    async pressForWindow(target) {
      const [opened] = await Promise.all([context.waitForEvent('page'), press(target)]);
      return opened;
    },
    effort(origin) {
      const here = deeds.filter((deed) => deed.origin === origin);
      const count = (kind: Deed['kind']) => here.filter((deed) => deed.kind === kind).length;
      return { typed: count('typed'), pressed: count('pressed') };
    },
    rest() {
      deeds = [];
    },
    complaints: () => [...complaints],
    origins: () => [...origins],
    leave: () => context.close(),
  };
}

/** What is pressed may close its own window, which is then gone before the browser has said that it was pressed. */
export async function unlessItCloses(page: Page, pressed: () => Promise<void>): Promise<void> {
  if (page.isClosed()) throw new Error('the page was closed before anything was pressed');
  try {
    await pressed();
  } catch (error) {
    if (!page.isClosed()) throw error;
  }
}

/** Waits for a window that closes itself, which it may have done already. */
export async function untilClosed(page: Page): Promise<void> {
  if (!page.isClosed()) await page.waitForEvent('close');
}

/** In every page: an `input` event per character, a click per press; only what a person does counts. */
async function watchDeeds(context: BrowserContext, hear: (deed: Deed) => void): Promise<void> {
  await context.exposeBinding('didSomething', (_, deed: Deed) => hear(deed));
  await context.addInitScript(`
    for (const [type, kind] of [['input', 'typed'], ['click', 'pressed']]) {
      addEventListener(type, (event) => event.isTrusted && didSomething({ kind, origin: location.origin }), true);
    }
  `);
}

function collectComplaints(context: BrowserContext): string[] {
  const complaints: string[] = [];
  context.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`${message.text()} (${message.location().url})`);
  });
  context.on('weberror', (error) => complaints.push(String(error.error())));
  return complaints;
}

function collectOrigins(context: BrowserContext): Set<string> {
  const origins = new Set<string>();
  context.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith('http')) origins.add(url.origin);
  });
  return origins;
}
