import { expect, it } from 'vitest';
import { outcomeOn } from './support/brand-pages.ts';
import { setScene } from './support/scene.ts';

const scene = setScene();

it('P14: a provider that answers with a form from its own site: the browser keeps our cookie back, and sends it with the GET', async () => {
  const { person, chat } = await scene.asking();
  const asked = person.context.waitForEvent('request', (request) => request.url().includes('/auth?'));
  const window = await chat.login();
  const { searchParams } = new URL((await asked).url());
  const callback = searchParams.get('redirect_uri') ?? '';
  const sent = person.context.waitForEvent('request', (request) => request.url() === callback);
  const fields = { state: searchParams.get('state') ?? '', iss: scene.demo.brand.url, error: 'access_denied' };
  // A document of the brand's without a policy of its own, in which its form stands.
  await window.goto(`${scene.demo.brand.url}/brand.css`);
  await window.evaluate(
    ([action, inputs]) => {
      document.body.innerHTML = `<form method="post" action="${action}">${inputs}</form>`;
      document.forms[0]?.submit();
    },
    [
      callback,
      Object.entries(fields)
        .map(([name, value]) => `<input name="${name}" value="${value}">`)
        .join(''),
    ],
  );
  const form = await sent;
  expect(form.method()).toBe('POST');
  expect((await form.allHeaders())['cookie']).toBeUndefined();
  expect(await outcomeOn(window)).toBe('declined');
  await chat.hears('You did not give permission');
});
