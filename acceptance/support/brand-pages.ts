import type { Page } from 'playwright-core';
import type { BrandUser } from '../../demo/brand/start-brand.ts';
import type { Person } from './chromium.ts';

/** Fills in the brand's login page. */
export async function logIn(person: Person, page: Page, user: BrandUser): Promise<void> {
  await page.locator('input[name=login]').fill(user.login);
  await page.locator('input[name=password]').fill(user.password);
  await person.press(page.getByRole('button', { name: 'Sign in' }));
  await page.getByRole('button', { name: 'Allow' }).waitFor();
}

/** The brand's login and consent; what comes after is Errand's. */
export async function passBrand(person: Person, page: Page, user: BrandUser): Promise<void> {
  await logIn(person, page, user);
  await person.press(page.getByRole('button', { name: 'Allow' }));
}

/** Logs in, but does not allow what is asked for. */
export async function refuseAtBrand(person: Person, page: Page, user: BrandUser): Promise<void> {
  await logIn(person, page, user);
  await person.press(page.getByRole('button', { name: 'Refuse' }));
}

/** Errand's last page says how it ended: read as soon as it stands, because a window that the chat opened soon closes itself. */
export async function outcomeOn(page: Page): Promise<string | null> {
  return await page.locator('main[data-outcome]').getAttribute('data-outcome');
}
