import { expect, it } from 'vitest';
import { outcomeOn } from './support/brand-pages.ts';
import { setScene } from './support/scene.ts';

const scene = setScene();

it('P14: a provider that answers with a form from its own site: the browser keeps our cookie back, and sends it with the GET', async () => {
  const { person, chat } = await scene.asking();
  const [asked, window] = await Promise.all([
    person.context.waitForEvent('request', (request) => request.url().includes('/auth?')),
    chat.login(),
  ]);
  const { searchParams } = new URL(asked.url());
  const callback = searchParams.get('redirect_uri') ?? '';
  const fields = { state: searchParams.get('state') ?? '', iss: scene.demo.brand.url, error: 'access_denied' };
  // The window is on its way through redirects until the brand's login page is there.
  await window.locator('input[name=login]').waitFor();
  // A document of the brand's without a policy of its own, in which its form stands.
  await window.goto(`${scene.demo.brand.url}/brand.css`);
  const inputs = Object.entries(fields).map(([name, value]) => `<input name="${name}" value="${value}">`);
  const html = `<form method="post" action="${callback}">${inputs.join('')}</form>`;
  const [form] = await Promise.all([
    person.context.waitForEvent('request', (request) => request.url() === callback),
    window.evaluate((written) => {
      document.body.innerHTML = written;
      document.forms[0]?.submit();
    }, html),
  ]);
  expect(form.method()).toBe('POST');
  expect((await form.allHeaders())['cookie']).toBeUndefined();
  expect(await outcomeOn(window)).toBe('declined');
  await chat.hears('You did not give permission');
});
