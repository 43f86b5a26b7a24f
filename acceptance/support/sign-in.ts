import type { Consumer } from './consumer.ts';
import { codeOf, createJar, hasContinue, type Jar, type Page } from './jar.ts';

export interface Visitor {
  login: string;
  password: string;
  /** Default: Allow. */
  consent?: 'Allow' | 'Refuse';
}

/** Opens the link in a browser that is not the conversation's, has its code typed in the chat, and comes back to Continue. */
export async function unlock(jar: Jar, url: string, consumer: Consumer): Promise<Page> {
  const coded = await jar.submit(await jar.get(url));
  const code = codeOf(coded);
  if (code === undefined) throw new Error(`no code on ${coded.url}: ${coded.body.slice(0, 300)}`);
  await consumer.say(code);
  await consumer.next((event) => event.type === 'sign_in' && event.status === 'bound');
  const page = await jar.get(url);
  if (!hasContinue(page)) throw new Error('no Continue after the code was typed');
  return page;
}

/** From Continue through the demo brand's login and consent to the last page. */
export async function passProvider(jar: Jar, page: Page, visitor: Visitor): Promise<Page> {
  let at = await jar.submit(page);
  if (at.body.includes('name="password"'))
    at = await jar.submit(at, { login: visitor.login, password: visitor.password });
  if (at.body.includes('Refuse')) at = await jar.submit(at, {}, visitor.consent ?? 'Allow');
  return at;
}

/** The whole sign-in of a plain API client. */
export async function signIn(consumer: Consumer, visitor: Visitor): Promise<Page> {
  const jar = createJar();
  const url = await consumer.signInUrl();
  return await passProvider(jar, await unlock(jar, url, consumer), visitor);
}
