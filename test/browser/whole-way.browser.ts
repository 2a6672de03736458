/** From the link to "Number confirmed", with all that a browser has, and with little of it. */
import { expect, test } from './fixtures';

test('by keyboard only, with what a screen reader is told on each screen', async ({
  customer,
  person,
  number,
}) => {
  const { page } = person;
  const { id, url } = await customer.begin({ state: 'cart-7', cancelUrl: `${customer.origin}/cancelled` });
  await person.opens(url);
  // Nothing takes the focus on arrival: the page is read from its beginning.
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('BODY');
  await expect(page).toHaveTitle('What’s your phone number? – Acme');
  await expect(page.locator('body')).toMatchAriaSnapshot(`
    - banner:
      - paragraph: Acme
    - main:
      - heading "What’s your phone number?" [level=1]
      - paragraph: Acme will send you a code.
      - button /Country/
      - textbox "Phone number"
      - alert
      - button "Send code"
      - button "Cancel"
    - contentinfo:
      - paragraph:
        - link "help@acme.example"
      - group: Language English`);

  await page.keyboard.press('Tab');
  await expect(person.country).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Choose a country' })).toBeVisible();
  await expect(page.getByRole('searchbox', { name: 'Search countries' })).toBeFocused();
  await page.keyboard.type('spai');
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('radio', { name: 'Spain +34' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(person.country).toHaveText(/Spain\s*\+34/);
  await expect(person.numberField).toBeFocused();
  await page.keyboard.type(number.slice(3));
  await expect(page.getByText(/^We’ll text \+34 6/)).toBeVisible();
  await page.keyboard.press('Enter');

  await person.sees('Enter the code');
  await expect(page).toHaveTitle('Enter the code – Acme');
  await expect(person.codeField).toBeFocused();
  await expect(page.locator('main')).toMatchAriaSnapshot(`
    - main:
      - heading "Enter the code" [level=1]
      - paragraph:
        - text: /Sent by text to \\+34 6.* at/
        - time: /\\d+:\\d\\d/
        - text: . Works until
        - time: /\\d+:\\d\\d/
      - paragraph: 6 digits. We check it once it’s complete.
      - textbox "Code"
      - alert
      - button "Check code"
      - timer: /Ask again in 0:\\d\\d/
      - group: No code yet?
      - paragraph: /Didn’t ask for this/
      - button "Cancel"
      - status: Code sent.`);
  const described = await person.codeField.getAttribute('aria-describedby');
  expect(described).toBe('sd-code-hint sd-field-error');

  await page.keyboard.type(await customer.codeFor(number));
  await person.sees('Number confirmed');
  await expect(page.getByRole('heading')).toBeFocused();
  await expect(page.locator('main')).toMatchAriaSnapshot(`
    - main:
      - heading "Number confirmed" [level=1]
      - paragraph: Taking you back to Acme.
      - link "Continue"`);
  await page.waitForURL(`${customer.origin}/back?result=sdr_*`);
  expect(person.calls).toEqual(['send', 'check']);

  const proof = await customer.redeem(id, customer.result());
  expect(proof).toMatchObject({ status: 200, body: { valid: true, to: number, state: 'cart-7' } });
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('from a missing number over a wrong code to the proof', async ({ customer, person, number }) => {
    const { page } = person;
    const { id, url } = await customer.begin({ cancelUrl: `${customer.origin}/cancelled` });
    await person.opens(url);
    await person.button('Send code').click();
    await expect(person.alert).toHaveText('Enter your phone number.');
    await expect(page).toHaveTitle('Error: What’s your phone number? – Acme');

    await page.getByRole('combobox', { name: 'Country' }).selectOption('ES');
    await person.numberField.fill('12');
    await person.button('Send code').click();
    await expect(person.alert).toHaveText('That number is too short. Check that all digits are there.');
    await expect(person.numberField).toHaveValue('12');
    await expect(person.numberField).toBeFocused();

    await person.numberField.fill(number);
    await person.button('Send code').click();
    await person.sees('Enter the code');
    await expect(person.codeField).toBeFocused();
    // Nothing tells the server where the person is: it says which time it means.
    await expect(page.getByText(/Works until .* UTC/)).toBeVisible();
    // A reload of the page is a reload, and sends no form again.
    await page.reload();
    await person.sees('Enter the code');
    expect(await customer.messagesTo(number)).toHaveLength(1);

    const code = await customer.codeFor(number);
    await person.codeField.fill(code === '111111' ? '222222' : '111111');
    await person.button('Check code').click();
    await expect(person.alert).toHaveText('That code isn’t right. 4 tries left.');
    await person.button('Send it again').click();
    await expect(person.alert).toHaveText(/^A message is on its way\. You can ask again at/);
    await page.getByText('No code yet?').click();
    await person.button('Change number').click();
    await person.numberField.fill(number);
    await page.getByRole('combobox', { name: 'Country' }).selectOption('ES');
    await person.button('Send code').click();

    await person.sees('Enter the code');
    await person.codeField.fill(`${code.slice(0, 3)} ${code.slice(3)}`);
    await person.button('Check code').click();
    await person.sees('Number confirmed');
    await page.getByRole('link', { name: 'Continue' }).click();
    await page.waitForURL(`${customer.origin}/back?result=sdr_*`);
    expect(await customer.redeem(id, customer.result())).toMatchObject({ status: 200, body: { to: number } });
  });

  test('in another language, and away from it', async ({ customer, person }) => {
    const { page } = person;
    const { url } = await customer.begin({ cancelUrl: `${customer.origin}/cancelled` });
    await person.opens(url);
    await page.locator('.sd-languages summary').click();
    await page.getByRole('link', { name: 'العربية' }).click();
    await expect(page.locator('html')).toHaveAttribute('dir', 'rtl');
    await expect(page.locator('html')).toHaveAttribute('lang', 'ar');
    await expect(page.locator('input[name=number]')).toHaveCSS('direction', 'ltr');
    // The choice stays while forms go to and fro.
    await page.locator('main form').first().getByRole('button').click();
    await expect(page.locator('html')).toHaveAttribute('lang', 'ar');
    await page.locator('.sd-cancel button').click();
    await expect(page.locator('[data-sd-screen=cancelled]')).toBeVisible();
    await expect(page.getByRole('link', { name: /Acme/ })).toHaveAttribute('href', /\/cancelled$/);
  });
});

test('confirming a payment to a given number: nothing is sent before the button', async ({
  customer,
  person,
  number,
}) => {
  const { page } = person;
  const transaction = { amount: '129.90', currency: 'EUR', payee: 'Blue Door Books' };
  const { id, url } = await customer.begin({ to: number, transaction });
  await person.opens(url);
  await person.sees('Confirm it’s you');
  await expect(page.locator('main')).toMatchAriaSnapshot(`
    - main:
      - heading "Confirm it’s you" [level=1]
      - paragraph: We’ll text a code to +34 •••••••${number.slice(-2)}.
      - paragraph:
        - text: You’re paying
        - strong: 129.90 EUR
        - text: to
        - strong: Blue Door Books
      - button "Send code"`);
  expect(await page.content()).not.toContain(number.slice(3, 9));
  expect(await customer.messagesTo(number)).toEqual([]);

  await person.button('Send code').click();
  await person.sees('Enter the code');
  await expect(page.getByText('129.90 EUR')).toBeVisible();
  await person.codeField.fill(await customer.codeFor(number));
  await page.waitForURL(/\/back\?result=/);
  expect(await customer.redeem(id, customer.result())).toMatchObject({ body: { to: number, transaction } });
});

test('a code that the backend has sent already', async ({ customer, person, number }) => {
  const { url } = await customer.begin({ to: number, send: 'now' });
  await person.opens(url);
  await person.sees('Enter the code');
  expect(await customer.messagesTo(number)).toHaveLength(1);
  await person.codeField.fill(await customer.codeFor(number));
  await person.page.waitForURL(/\/back\?result=/);
});
