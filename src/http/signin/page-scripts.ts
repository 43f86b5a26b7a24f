/** What the pages do by themselves where scripts run. Each is a convenience: without it the page says what to do. */

/** Before the provider's page stands in this window: that page must not steer the one that holds the chat. It may still close. */
const alone = 'window.opener = null;';

/** A proven browser goes on at once. Not while the page is only being prepared for a later visit. */
const goOn = `(() => {
  ${alone}
  const form = document.forms[0];
  const go = () => form.requestSubmit();
  if (document.prerendering) document.addEventListener('prerenderingchange', go, { once: true });
  else go();
})();`;

/** A second press while the first is on its way changes nothing; back from the provider the button works again. */
const pressOnce = `(() => {
  ${alone}
  const form = document.forms[0];
  const button = form.querySelector('button');
  form.addEventListener('submit', () => setTimeout(() => { button.disabled = true; }));
  addEventListener('pageshow', () => { button.disabled = false; });
})();`;

/** Looks whether this page has changed, and only then shows the new one: the code stays readable meanwhile. */
const watch = `(() => {
  const mark = document.querySelector('main').dataset.waits;
  let busy = false;
  const look = async () => {
    if (busy || document.hidden) return;
    busy = true;
    try {
      const answer = await fetch(location.href, { credentials: 'same-origin', cache: 'no-store' });
      if (answer.ok && !(await answer.text()).includes('data-waits="' + mark + '"')) location.reload();
    } catch {}
    busy = false;
  };
  setInterval(look, 1500);
  document.addEventListener('visibilitychange', look);
})();`;

/** A window that the chat opened closes; anywhere else the link goes back. */
const back = `(() => {
  const link = document.querySelector('a.back');
  if (!link) return;
  link.addEventListener('click', (event) => {
    event.preventDefault();
    window.close();
    setTimeout(() => { location.href = link.href; }, 300);
  });
})();`;

const close = 'setTimeout(() => window.close(), 1500);';

export const scripts = { goOn, pressOnce, watch, back, close } as const;
export type PageScript = keyof typeof scripts;
