/** The page that `npm start` links to: the hosted page, the phone beside it, and the proof at the end. */
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from './fixtures';

test('a visitor goes through all of it, with the phone beside', async ({ app, person, number }) => {
  const { page } = person;
  await person.opens(`${app.url}/try`);
  await expect(page.getByRole('heading', { name: 'Try it' })).toBeVisible();
  const frame = page.frameLocator('#try-frame');
  await frame.getByRole('textbox', { name: 'Phone number' }).fill(number);
  await expect(page.getByText('No messages yet.')).toBeVisible();
  // The hosted page within has landmarks of its own, and tests of its own.
  const around = new AxeBuilder({ page }).exclude('#try-frame');
  expect((await around.analyze()).violations.map(({ id }) => id)).toEqual([]);
  await frame.getByRole('button', { name: 'Send code' }).click();

  const phone = page.getByRole('region', { name: 'The phone' });
  const copy = phone.getByRole('button', { name: /^Copy \d{6}$/ });
  const code = /\d{6}/.exec((await copy.textContent()) ?? '')?.[0] ?? '';
  await expect(phone.getByRole('listitem').first()).toContainText(code);
  await frame.getByRole('textbox', { name: 'Code' }).fill(code);
  await expect(frame.getByRole('heading', { name: 'Redeemed: valid' })).toBeVisible();
  await expect(frame.getByText(number)).toBeVisible();

  await page.getByRole('button', { name: 'Start again' }).click();
  await expect(frame.getByRole('textbox', { name: 'Phone number' })).toBeVisible();
});

test('no other site begins or redeems, and no key is in the page', async ({ app }) => {
  const page = await (await fetch(`${app.url}/try`)).text();
  expect(page).not.toMatch(/key_|sk_|Bearer/i);
  expect(page).not.toContain(app.apiKey);
  for (const path of ['/try/begin', '/try/redeem']) {
    const { status } = await fetch(app.url + path, {
      method: 'POST',
      headers: { origin: 'https://evil.example', 'content-type': 'application/json' },
      body: '{"result":"x"}',
    });
    expect(status, path).toBe(403);
  }
});
