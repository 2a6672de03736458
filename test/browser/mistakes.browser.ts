/** What goes wrong at the code, and the next step that the page offers. */
import { wrongCode } from './person';
import { expect, test } from './fixtures';

test('wrong codes: tries left, the last one, and a code of its own after too many', async ({
  customer,
  person,
  number,
}) => {
  const { page } = person;
  await customer.set({ policy: { maxChecks: 3, cooldownSeconds: 0 } });
  const { url } = await customer.begin({ to: number, send: 'now' });
  await person.opens(url);
  const code = await customer.codeFor(number);

  await person.codeField.fill('12345');
  await person.button('Check code').click();
  await expect(person.alert).toHaveText('The code has 6 characters. You’ve entered 5.');
  expect(person.calls).toEqual([]);

  await person.codeField.fill(wrongCode(code));
  await expect(person.alert).toHaveText('That code isn’t right. 2 tries left.');
  await expect(page).toHaveTitle('Error: Enter the code – Acme');
  await expect(person.codeField).toBeFocused();
  await expect(person.codeField).toHaveAttribute('aria-invalid', 'true');
  // What was typed is kept, and selected, so that typing replaces it.
  const selected = await page.evaluate(() => {
    const { selectionStart, selectionEnd } = document.querySelector('input[name=code]') as HTMLInputElement;
    return [selectionStart, selectionEnd];
  });
  expect(selected).toEqual([0, 6]);

  // The same wrong code spends no try. Caught: without the memory of guesses, `check` is called again.
  await person.button('Check code').click();
  await person.codeField.press('Enter');
  expect(person.count('check')).toBe(1);

  await person.codeField.fill(wrongCode(code, 1));
  await expect(person.alert).toHaveText('That code isn’t right. 1 try left. Use the newest message.');
  await person.codeField.fill(wrongCode(code, 2));
  await person.sees('Too many wrong codes');
  await expect(page.getByRole('heading')).toBeFocused();
  expect(person.count('check')).toBe(3);

  await person.button('Send a new code').click();
  await person.sees('Enter the code');
  await person.codeField.fill(await customer.codeFor(number));
  await person.sees('Number confirmed');
});

test('wrong codes in a row lock the number; who may help is said', async ({ customer, person, number }) => {
  await customer.set({
    policy: { maxChecks: 10, cooldownSeconds: 0, lock: { afterFailures: 3, seconds: 600 } },
  });
  const { url } = await customer.begin({
    to: number,
    send: 'now',
    cancelUrl: `${customer.origin}/cancelled`,
  });
  await person.opens(url);
  const code = await customer.codeFor(number);
  for (let guess = 0; guess < 3; guess += 1) {
    await person.codeField.fill(wrongCode(code, guess));
    await expect.poll(() => person.count('check')).toBe(guess + 1);
    await expect(person.page.locator('[aria-busy]')).toHaveCount(0);
  }
  await person.codeField
    .or(person.page.getByRole('heading', { name: 'Please wait' }))
    .first()
    .waitFor();
  if (await person.codeField.isVisible()) await person.codeField.fill(code);
  await person.sees('Please wait');
  await expect(
    person.page.getByText(/^There were too many wrong codes\. Try again at \d+:\d\d/),
  ).toBeVisible();
  await expect(person.page.getByRole('link', { name: 'Back to Acme' })).toBeVisible();
  await expect(person.page.getByRole('link', { name: 'help@acme.example' })).toBeVisible();
  expect(customer.visits).toEqual([]);
});

test('a code that has run out, while the page was open: a new one at the press of a button', async ({
  customer,
  person,
  number,
}) => {
  test.slow();
  await customer.set({ policy: { ttlSeconds: 30, cooldownSeconds: 0 } });
  const { url } = await customer.begin({ to: number, send: 'now' });
  await person.opens(url);
  await person.sees('Enter the code');
  const old = await customer.codeFor(number);
  // The page notices by itself.
  await expect(person.page.getByRole('heading')).toHaveText('That code has run out', { timeout: 45_000 });
  await expect(person.page.getByRole('heading')).toBeFocused();
  expect(person.calls).toEqual([]);
  await customer.set({ policy: { ttlSeconds: 600 } });
  await person.button('Send a new code').click();
  await person.sees('Enter the code');
  const fresh = await customer.codeFor(number);
  if (old !== fresh) {
    await person.codeField.fill(old);
    await expect(person.alert).toHaveText(/^That code isn’t right/);
  }
  await person.codeField.fill(fresh);
  await person.sees('Number confirmed');
});

test('a code that was used in another process proves nothing here', async ({
  customer,
  person,
  another,
  number,
}) => {
  const [mine, theirs] = [
    await customer.begin({ to: number, send: 'now' }),
    await customer.begin({ to: number, send: 'now' }),
  ];
  // Both lead to one verification, with one code.
  const attacker = person;
  await attacker.opens(mine.url);
  await attacker.sees('Enter the code');
  const victim = await another();
  await victim.opens(theirs.url);
  await victim.codeField.fill(await customer.codeFor(number));
  await victim.page.waitForURL(/\/back\?result=/);

  // Caught: a page that goes by the status of the verification instead of its own check says "confirmed".
  await attacker.page.reload();
  await attacker.sees('That code was used');
  await expect(attacker.page.locator('a[href*=result]')).toHaveCount(0);
  expect(customer.visits.filter((visit) => visit.startsWith('/back'))).toHaveLength(1);
  // And the victim's result is not the attacker's.
  expect(await customer.redeem(mine.id, customer.result())).toMatchObject({ status: 404 });
  expect(await customer.redeem(theirs.id, customer.result())).toMatchObject({ status: 200 });
});

test('again after the countdown, then by another channel and back: one code, one cool-down', async ({
  customer,
  person,
  number,
}) => {
  const { page } = person;
  await customer.set({ policy: { cooldownSeconds: 3 } });
  const { url } = await customer.begin();
  await person.asksForCode(url, number);
  const wait = page.getByRole('timer');
  await expect(wait).toHaveText(/^Ask again in 0:0[123]$/);
  await expect(wait).toHaveAttribute('aria-live', 'off');
  const place = await page.locator('.sd-resend').boundingBox();
  const again = person.button('Send it again');
  await expect(again).toBeVisible();
  // The button stands where the countdown stood; nothing moves.
  expect(await page.locator('.sd-resend').boundingBox()).toEqual(place);
  await expect(page.locator('#sd-spoken')).toHaveText('You can ask again now.');
  await again.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByText(/Sent again at .*same code/).first()).toBeVisible();
  await expect(wait).toBeVisible();
  await expect(wait).toBeFocused();
  const codes = async () => (await customer.messagesTo(number)).map(({ code }) => code);
  expect(new Set(await codes()).size).toBe(1);
  expect(await codes()).toHaveLength(2);

  await expect(again).toBeVisible();
  await page.getByText('No code yet?').click();
  await person.button('Send it by WhatsApp').click();
  await expect(page.getByText(/^Sent by WhatsApp to/)).toBeVisible();
  // Caught: a cool-down of its own for each channel.
  await person.button('Send it by text').click();
  await expect(person.alert).toHaveText(/^A message is on its way\. You can ask again at/);
  expect(await codes()).toHaveLength(3);
  await expect(again).toBeVisible();
  await person.button('Send it by text').click();
  await expect(page.getByText(/^Sent by text to/)).toBeVisible();
  expect(new Set(await codes()).size).toBe(1);
  await person.codeField.fill(await customer.codeFor(number));
  await person.sees('Number confirmed');
});

test('no more messages: the code that is there still works', async ({ customer, person, number }) => {
  const { page } = person;
  await customer.set({ policy: { cooldownSeconds: 0, sends: { max: 2, windowSeconds: 600 } } });
  const { url } = await customer.begin();
  await person.asksForCode(url, number);
  // The last one goes out from another tab, so that the button stands here still.
  const tab = await person.context.newPage();
  await tab.goto(url);
  await tab.getByRole('button', { name: 'Send it again' }).click();
  await expect(tab.getByText(/Sent again at/).first()).toBeVisible();
  await person.button('Send it again').click();
  await person.sees('No more messages for now');
  await expect(page.getByText(/You can ask again at \d+:\d\d.*Your code still works\./)).toBeVisible();
  await page.getByRole('link', { name: 'Enter the code' }).click();
  await person.codeField.fill(await customer.codeFor(number));
  await person.sees('Number confirmed');
});

test('another number instead of the one with the typing error', async ({ customer, person, number }) => {
  const { url } = await customer.begin();
  await person.asksForCode(
    url,
    number.replace(/.$/, (digit) => String((Number(digit) + 1) % 10)),
  );
  await person.page.getByText('No code yet?').click();
  await person.button('Change number').click();
  await person.sees('What’s your phone number?');
  await expect(person.page.getByRole('heading')).toBeFocused();
  await person.numberField.fill(number);
  await person.button('Send code').click();
  await person.sees('Enter the code');
  await person.codeField.fill(await customer.codeFor(number));
  await person.sees('Number confirmed');
});
