import { afterAll, afterEach, beforeAll } from 'vitest';
import { passBrand } from './brand-pages.ts';
import { type ChatPage, openChat } from './chat-page.ts';
import { type Chromium, type Person, type PersonOptions, startChromium } from './chromium.ts';
import { type DemoHere, type DemoHereOptions, startDemoHere } from './demo-here.ts';

export type Mode = 'managed' | 'recipe';
export type Device = 'desktop' | 'phone';

/** One demo and one browser for a file of tests; people come and go with each test, and the brand forgets them. */
export interface Scene {
  readonly demo: DemoHere;
  meet(device?: Device, options?: PersonOptions): Promise<Person>;
  /** Somebody whose browser blocks these. */
  meetStrict(blocks: 'cookies' | 'javascript'): Promise<Person>;
  /** A person in the chat of the bot who has asked for her order and sees Login. */
  asking(options?: { mode?: Mode; device?: Device; person?: Person }): Promise<{ person: Person; chat: ChatPage }>;
  /** The same, signed in as that customer, with her order on the page. */
  signedIn(login: string, options?: { mode?: Mode; device?: Device }): Promise<{ person: Person; chat: ChatPage }>;
}

/** `options`: how the demo is started; a function where that is known only when the file's own parts run. */
export function setScene(options: DemoHereOptions | (() => DemoHereOptions) = {}): Scene {
  let stage: { demo: DemoHere; chromium: Chromium } | undefined;
  const people: Person[] = [];
  const on = () => {
    if (!stage) throw new Error('the scene is set before the first test');
    return stage;
  };
  beforeAll(async () => {
    const [demo, chromium] = await Promise.all([
      startDemoHere(typeof options === 'function' ? options() : options),
      startChromium(),
    ]);
    stage = { demo, chromium };
  });
  afterEach(async () => {
    await Promise.all(people.splice(0).map((person) => person.leave()));
    on().demo.brand.control.reset();
  });
  afterAll(async () => {
    await stage?.chromium.close();
    await stage?.demo.close();
  });

  async function meet(device: Device = 'desktop', wanted?: PersonOptions): Promise<Person> {
    const person = await on().chromium[device](wanted);
    people.push(person);
    return person;
  }

  const asking: Scene['asking'] = async ({ mode = 'managed', device = 'desktop', person: known } = {}) => {
    const person = known ?? (await meet(device));
    const chat = await openChat(person, on().demo.bot(mode).chat_url);
    await chat.say('where is my order?');
    await chat.loginLink().waitFor();
    return { person, chat };
  };

  return {
    get demo() {
      return on().demo;
    },
    meet,
    async meetStrict(blocks) {
      const person = await on().chromium.strict(blocks);
      people.push(person);
      return person;
    },
    asking,
    async signedIn(login, wanted) {
      const { person, chat } = await asking(wanted);
      const user = on().demo.user(login);
      await passBrand(person, await chat.login(), user);
      await chat.hears(user.expects);
      return { person, chat };
    },
  };
}
