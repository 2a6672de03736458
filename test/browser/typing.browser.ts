/** However a code or a number gets into its field. */
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures';
import { wrongCode } from './person';

/** Bodies of the calls of one action. */
function bodiesOf(page: Page, action: string): Record<string, string>[] {
  const bodies: Record<string, string>[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().endsWith(`/${action}`))
      bodies.push(request.postDataJSON() as Record<string, string>);
  });
  return bodies;
}

const inDigitsFrom = (zero: number) => (code: string) =>
  code.replace(/\d/g, (digit) => String.fromCodePoint(zero + Number(digit)));
const half = (between: string) => (code: string) => `${code.slice(0, 3)}${between}${code.slice(3)}`;

test('a code in any form is read, and checked by itself, once', async ({ customer, person, number }) => {
  const { page } = person;
  await customer.set({ policy: { maxChecks: 10 } });
  const { url } = await customer.begin({ to: number, send: 'now' });
  await person.opens(url);
  const right = await customer.codeFor(number);
  const checks = bodiesOf(page, 'check');
  const forms: readonly ((code: string) => string)[] = [
    half(' '),
    half('-'),
    half('\u00a0–\u200b'),
    inDigitsFrom(0xff10),
    inDigitsFrom(0x0660),
    inDigitsFrom(0x06f0),
    (code) => `${code}\n`,
    (code) => `Your Acme code is ${code}. It works for 10 minutes.\n\n@${new URL(url).hostname} #${code}`,
  ];
  for (const [index, form] of forms.entries()) {
    const code = wrongCode(right, index);
    await person.pastes(form(code), person.codeField);
    await expect(person.alert).toHaveText(/^That code isn’t right/);
    await expect.poll(() => checks.map((body) => body['code'])).toHaveLength(index + 1);
    expect(checks.at(-1)?.['code']).toBe(code);
    await expect(person.codeField).toHaveValue(code);
    await expect(page.locator('[aria-busy]')).toHaveCount(0);
  }

  // The same again, pasted twice: known to be wrong, no call.
  await person.pastes(wrongCode(right), person.codeField);
  await person.pastes(wrongCode(right), person.codeField);
  await expect(person.codeField).toHaveValue(wrongCode(right));
  expect(checks).toHaveLength(forms.length);

  // Two numbers of the right length: nobody guesses which.
  const two = `${right} or ${wrongCode(right, 50)}`;
  await person.pastes(two, person.codeField);
  await expect(person.codeField).toHaveValue(two);
  expect(checks).toHaveLength(forms.length);

  // Deleting the last digit and coming back to a complete code by deletion checks nothing by itself.
  await person.codeField.fill('');
  await person.codeField.pressSequentially(right.slice(0, 5));
  expect(checks).toHaveLength(forms.length);
  await person.codeField.press('End');
  await person.codeField.press(right.slice(5));
  await person.sees('Number confirmed');
  expect(checks.at(-1)?.['code']).toBe(right);
});

test('a value that a password manager sets by script; zeros in front', async ({
  customer,
  person,
  number,
}) => {
  const { page } = person;
  const { url } = await customer.begin({ to: number, send: 'now' });
  await person.opens(url);
  const right = await customer.codeFor(number);
  const zeros = right === '000123' ? '000124' : '000123';
  const checks = bodiesOf(page, 'check');
  const setByScript = (value: string) =>
    person.codeField.evaluate((field: HTMLInputElement, text) => {
      field.value = text;
      field.dispatchEvent(new Event('input', { bubbles: true }));
    }, value);
  await setByScript(zeros);
  await expect(person.alert).toHaveText(/^That code isn’t right/);
  expect(checks).toMatchObject([{ code: zeros }]);
  await expect(person.codeField).toHaveValue(zeros);

  const field = await person.codeField.evaluate((element: HTMLInputElement) => ({
    type: element.type,
    autocomplete: element.autocomplete,
    inputmode: element.inputMode,
    maxlength: element.maxLength,
    dir: element.dir,
    name: element.name,
  }));
  expect(field).toEqual({
    type: 'text',
    autocomplete: 'one-time-code',
    inputmode: 'numeric',
    maxlength: -1,
    dir: 'ltr',
    name: 'code',
  });
  // Set without an event, then the button.
  await person.codeField.evaluate((element: HTMLInputElement, text) => (element.value = text), right);
  await person.button('Check code').click();
  await person.sees('Number confirmed');
});

test('no auto-submit where the application wants none', async ({ customer, person, number }) => {
  await customer.set({ hosted: { autoSubmit: false } });
  const { url } = await customer.begin({ to: number, send: 'now' });
  await person.opens(url);
  await expect(person.page.getByText('6 digits.', { exact: true })).toBeVisible();
  await person.codeField.pressSequentially(await customer.codeFor(number));
  await person.page.waitForLoadState('networkidle');
  expect(person.calls).toEqual([]);
  await person.codeField.press('Enter');
  await person.sees('Number confirmed');
});

test('a code out of the message itself, and the wait for it ends with the screen', async ({
  customer,
  person,
  number,
}) => {
  const { page } = person;
  // Chromium on a computer has no WebOTP: a stand-in that waits like the real one.
  await page.addInitScript(() => {
    const seen = { asked: 0, aborted: 0, give: (_: string): void => undefined };
    Object.assign(globalThis, { OTPCredential: true, seen });
    navigator.credentials.get = (options) =>
      new Promise((resolve, reject) => {
        seen.asked += 1;
        seen.give = (code) => resolve({ id: '', type: 'otp', code } as Credential);
        options?.signal?.addEventListener('abort', () => {
          seen.aborted += 1;
          reject(new DOMException('aborted', 'AbortError'));
        });
      });
  });
  const seen = () => page.evaluate(() => (globalThis as unknown as { seen: Record<string, number> }).seen);
  const { url } = await customer.begin();
  await person.asksForCode(url, number);
  expect(await seen()).toMatchObject({ asked: 1, aborted: 0 });
  await page.getByText('No code yet?').click();
  await person.button('Change number').click();
  await person.sees('What’s your phone number?');
  // Caught: a wait that goes on takes the next message away from whoever waits for it.
  expect(await seen()).toMatchObject({ asked: 1, aborted: 1 });
  await person.numberField.fill(number);
  await person.button('Send code').click();
  await person.sees('Enter the code');
  const code = await customer.codeFor(number);
  await page.evaluate((text) => {
    (globalThis as unknown as { seen: { give(code: string): void } }).seen.give(text);
  }, code);
  await person.sees('Number confirmed');
  expect(person.count('check')).toBe(1);
});

test('numbers as people write them', async ({ customer, person }) => {
  const { page } = person;
  const { url } = await customer.begin({ country: 'ES' });
  await person.opens(url);
  await expect(person.country).toHaveText(/Spain\s*\+34/);
  await expect(page.getByText(/^For example 6/)).toBeVisible();
  const echo = page.locator('.sd-echo');
  const typed = async (text: string, said: string | RegExp, country: RegExp) => {
    await person.numberField.fill('');
    await person.numberField.pressSequentially(text);
    await expect(echo).toHaveText(said);
    await expect(person.country).toHaveText(country);
  };
  // A plus, or 00, wins over the country that was chosen; without them, the chosen one counts.
  await typed('+447400123456', 'We’ll text +44 7400 123456', /United Kingdom\s*\+44/);
  await typed('0034612345678', 'We’ll text +34 612 34 56 78', /Spain/);
  await typed('612345678', 'We’ll text +34 612 34 56 78', /Spain/);
  // Grouped like the example, without the caret jumping.
  await expect(person.numberField).toHaveValue('612 34 56 78');
  await typed('+49 151 23456789', 'We’ll text +49 1512 3456789', /Germany/);
  // The zero in front, which people abroad leave out and at home do not.
  await typed('0151 23456789', 'We’ll text +49 1512 3456789', /Germany/);
  await person.pastes('＋３４ ６１２ ３４ ５６ ７８', person.numberField);
  await expect(echo).toHaveText('We’ll text +34 612 34 56 78');
  await person.pastes('٠٦١٢٣٤٥٦٧٨', person.numberField);
  await expect(person.numberField).toHaveValue(/٠٦١٢/);
  // Corrections in the middle never move the caret.
  await person.numberField.fill('612345678');
  await person.numberField.press('Home');
  await person.numberField.press('ArrowRight');
  await person.numberField.press('Delete');
  expect(await person.numberField.evaluate((field: HTMLInputElement) => field.selectionStart)).toBe(1);
  expect(person.calls).toEqual([]);

  await person.numberField.fill('+34 612');
  await person.button('Send code').click();
  await expect(person.alert).toHaveText(/too short/);
  await expect(person.numberField).toBeFocused();
  await expect(person.numberField).toHaveAttribute('aria-invalid', 'true');
});

test('a country of many: searched, by arrows, by its calling code, and none found', async ({
  customer,
  person,
  number,
}) => {
  const { page } = person;
  const { url } = await customer.begin();
  await person.opens(url);
  // Of the language of the browser, which is British English.
  await expect(person.country).toHaveText(/United Kingdom\s*\+44/);
  await person.country.click();
  const search = page.getByRole('searchbox');
  await search.fill('zzz');
  await expect(page.getByText('No country found')).toBeVisible();
  await search.fill('+34');
  await expect(page.getByRole('radio')).toHaveCount(1);
  await search.fill('cote');
  await expect(page.getByRole('radio', { name: /Côte d’Ivoire/ })).toBeVisible();
  // As in every search field: what was typed goes first, then the dialog.
  await page.keyboard.press('Escape');
  await expect(search).toHaveValue('');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(person.country).toBeFocused();

  await person.country.press('Enter');
  await search.fill('united');
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('radio', { name: 'United Kingdom +44' })).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('dialog')).toBeVisible();
  await expect(page.getByRole('radio', { name: 'United States +1' })).toBeChecked();
  await page.keyboard.press('Escape');
  await person.country.click();
  await search.fill('spain');
  await page.getByRole('radio', { name: 'Spain +34' }).click();
  await expect(person.country).toHaveText(/Spain\s*\+34/);
  await person.numberField.fill(number.slice(3));
  await person.button('Send code').click();
  await person.sees('Enter the code');
});

test('only some countries: others are refused in words, the only one needs no choice', async ({
  customer,
  person,
  number,
}) => {
  await customer.set({ allowedCountries: ['ES', 'PT'] });
  const { url } = await customer.begin();
  await person.opens(url);
  await person.numberField.fill('+447400123456');
  await person.button('Send code').click();
  await expect(person.alert).toHaveText('Acme can’t send codes to this country.');
  await person.country.click();
  await expect(person.page.getByRole('radio')).toHaveCount(2);
  await person.page.keyboard.press('Escape');

  await customer.set({ allowedCountries: ['ES'] });
  const only = await customer.begin();
  await person.opens(only.url);
  await expect(person.country).toHaveCount(0);
  await person.numberField.fill(number.slice(3));
  await person.button('Send code').click();
  await person.sees('Enter the code');
});
