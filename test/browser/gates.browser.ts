/** What stands before a message: a check of the person, a number that nothing is sent to, a late answer. */
import { expect, test } from './fixtures';

/** Easy: the work itself is tested beside its code. */
const ownPuzzle = { riskChecks: [{ check: 'proof-of-work' }] };

test('a challenge of our own is solved by the page; the message goes out by itself, once', async ({
  customer,
  person,
  number,
}) => {
  await customer.set(ownPuzzle);
  const { id, url } = await customer.begin();
  await person.opens(url);
  await person.numberField.fill(number);
  await person.button('Send code').click();
  await person.sees('Enter the code');
  // The first was refused with the puzzle, the second had the answer.
  expect(person.count('send')).toBe(2);
  expect(await customer.messagesTo(number)).toHaveLength(1);
  await person.codeField.fill(await customer.codeFor(number));
  await person.sees('Number confirmed');
  await person.page.waitForURL(/\/back\?result=/);
  expect(await customer.redeem(id, customer.result())).toMatchObject({ status: 200, body: { to: number } });
});

test('a challenge without script: said, and no message goes out', async ({ customer, another, number }) => {
  await customer.set(ownPuzzle);
  const { url } = await customer.begin();
  const person = await another({ javaScriptEnabled: false });
  await person.opens(url);
  await person.page.getByLabel('Phone number').fill(number);
  await person.button('Send code').click();
  await person.sees('One moment');
  await expect(person.page.getByText('This check needs JavaScript.')).toBeVisible();
  expect(await customer.messagesTo(number)).toEqual([]);
});

test('an answer to a challenge that does not come: the page says so, and the person tries again', async ({
  customer,
  person,
  number,
}) => {
  await customer.set(ownPuzzle);
  const { url } = await customer.begin();
  // The worker that solves it cannot be loaded.
  await person.page.route(/worker/, (route) => route.abort());
  await person.opens(url);
  await person.numberField.fill(number);
  await person.button('Send code').click();
  await person.sees('One moment');
  await expect(person.alert).toBeVisible();
  expect(await customer.messagesTo(number)).toEqual([]);
});

test('a number that is blocked looks like one that nothing reaches; another number goes on', async ({
  app,
  customer,
  person,
  number,
}) => {
  const blocked = number.replace(/.$/, (digit) => String((Number(digit) + 1) % 10));
  await customer.block(blocked);
  const { url } = await customer.begin();
  await person.opens(url);
  await person.numberField.fill(blocked);
  await person.button('Send code').click();
  await person.sees('We couldn’t reach that number');
  await expect(person.page.getByRole('heading')).toBeFocused();
  // Caught: a page that tells a stranger that the number is on somebody's list.
  await expect(person.page.getByText(/block/i)).toHaveCount(0);
  await person.page
    .getByRole('button', { name: 'Check the number' })
    .or(person.page.getByRole('link', { name: 'Check the number' }))
    .click();
  await person.sees('What’s your phone number?');
  await person.numberField.fill(number);
  await person.button('Send code').click();
  await person.sees('Enter the code');
  await person.codeField.fill(await customer.codeFor(number));
  await person.sees('Number confirmed');
  expect(app.stdout + app.stderr).not.toContain(blocked);
});

test('a number that the backend gave and that is blocked: nothing to mend, and the way back', async ({
  customer,
  person,
  number,
}) => {
  await customer.block(number);
  const { url } = await customer.begin({ to: number, cancelUrl: `${customer.origin}/cancelled` });
  await person.opens(url);
  await person.button('Send code').click();
  await person.sees('We couldn’t reach that number');
  await expect(person.page.getByRole('link', { name: 'help@acme.example' })).toBeVisible();
  await person.page.getByRole('link', { name: 'Back to Acme' }).click();
  await person.page.waitForURL(/\/cancelled/);
  expect(await customer.messagesTo(number)).toEqual([]);
});
