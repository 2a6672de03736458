/** Back, reload, tabs, other devices, wrong clocks: the link goes on where its person is. */
import { expect, test } from './fixtures';

test('a scanner of mails opens the link many times: nothing is sent, and the link works', async ({
  customer,
  person,
  another,
  number,
}) => {
  const { url } = await customer.begin({ to: number });
  for (const method of ['GET', 'HEAD', 'GET']) expect((await fetch(url, { method })).status).toBe(200);
  // Some run scripts.
  const scanner = await another();
  await scanner.opens(url);
  await scanner.sees('Confirm it’s you');
  await scanner.page.waitForLoadState('networkidle');
  expect(scanner.calls).toEqual([]);
  expect(await customer.messagesTo(number)).toEqual([]);
  await person.opens(url);
  await person.button('Send code').click();
  await person.codeField.fill(await customer.codeFor(number));
  await person.sees('Number confirmed');
});

test('two devices: until a message went out the other one may go on, and nobody after that', async ({
  customer,
  person: computer,
  another,
  number,
}) => {
  const { url } = await customer.begin({ cancelUrl: `${customer.origin}/cancelled` });
  await computer.opens(url);
  await computer.numberField.fill('+34 612');
  await computer.button('Send code').click();
  await expect(computer.alert).toHaveText(/too short/);
  const phone = await another();
  await phone.asksForCode(url, number);

  await computer.numberField.fill(number);
  await computer.button('Send code').click();
  await computer.sees('Continue in the browser you began in');
  // Nothing of the other device is told.
  expect(await computer.page.content()).not.toContain(number.slice(-4));
  await expect(computer.page.getByRole('link', { name: 'Back to Acme' })).toBeVisible();
  const late = await another();
  await late.opens(url);
  await late.sees('Continue in the browser you began in');
  expect(await customer.messagesTo(number)).toHaveLength(1);

  await phone.codeField.fill(await customer.codeFor(number));
  await phone.page.waitForURL(/\/back\?result=/);
  // Caught: a page that shows `done` to whoever has the link hands the result to this browser, too.
  await late.page.reload();
  await late.sees('This link was used');
  await expect(late.page.locator('a[href*=result]')).toHaveCount(0);
});

test('two tabs: both show what is so, and only one message and one check happen', async ({
  customer,
  person,
  number,
}) => {
  const { context } = person;
  const { url } = await customer.begin();
  await person.opens(url);
  const second = await context.newPage();
  await second.goto(url);
  await person.numberField.fill(number);
  await person.button('Send code').click();
  await person.sees('Enter the code');
  // The tab that lay behind.
  await second.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await expect(second.getByRole('heading')).toHaveText('Enter the code');
  await second.getByRole('textbox', { name: 'Code', exact: true }).fill(await customer.codeFor(number));
  await second.waitForURL(/\/back\?result=/);
  await person.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await person.sees('Number confirmed');
  expect(await customer.messagesTo(number)).toHaveLength(1);
  // Two tabs of one browser, one result; the backend takes it once.
  await person.page.waitForURL(/\/back\?result=/);
  expect(new Set(customer.visits.filter((visit) => visit.startsWith('/back'))).size).toBe(1);
});

test('reload and back: the countdown goes on, what is sent is not sent again, the end stays the end', async ({
  customer,
  person,
  number,
}) => {
  const { page } = person;
  const { id, url } = await customer.begin();
  await page.goto(`${customer.origin}/cart`);
  await person.asksForCode(url, number);
  const seconds = async () =>
    Number(/0:(\d\d)/.exec((await page.getByRole('timer').textContent()) ?? '')?.[1]);
  await expect.poll(seconds).toBeLessThan(29);
  const before = await seconds();
  await page.reload();
  // Caught: a countdown that begins anew with each load.
  expect(await seconds()).toBeLessThanOrEqual(before);
  await page.goBack();
  await page.goForward();
  await person.sees('Enter the code');
  expect(await customer.messagesTo(number)).toHaveLength(1);

  await person.codeField.fill(await customer.codeFor(number));
  await page.waitForURL(/\/back\?result=/);
  // The page replaced itself: the way back leads past it.
  await page.goBack();
  expect(page.url()).toBe(`${customer.origin}/cart`);
  await person.opens(url);
  await page.waitForURL(/\/back\?result=/);
  expect(await customer.redeem(id, customer.result())).toMatchObject({ status: 200 });
  expect(await customer.redeem(id, customer.result())).toMatchObject({ status: 409 });
});

test('out of the cache of pages: the view is asked for anew', async ({ customer, person, number }) => {
  const { page } = person;
  const { url } = await customer.begin();
  await person.asksForCode(url, number);
  await person.page.route('**/check', (route) => route.abort(), { times: 1 });
  // Another tab ends it while this page sleeps.
  const other = await person.context.newPage();
  await other.goto(url);
  await other.getByRole('textbox', { name: 'Code', exact: true }).fill(await customer.codeFor(number));
  await other.waitForURL(/\/back\?result=/);
  await page.evaluate(() => {
    window.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }));
    window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
  });
  await person.sees('Number confirmed');
});

test('a device whose clock is off by ten minutes counts as the server does', async ({
  customer,
  person,
  another,
  number,
}) => {
  const { url } = await customer.begin({ to: number, send: 'now' });
  for (const [who, minutes] of [
    [person, 10],
    [await another({ locale: 'en-GB', timezoneId: 'Europe/Madrid' }), -10],
  ] as const) {
    await who.page.addInitScript((shift) => {
      const now = Date.now.bind(Date);
      Date.now = () => now() + shift;
    }, minutes * 60_000);
    await who.opens(url);
    // Caught: `resendAt - Date.now()` is never, or ten minutes.
    await expect(who.page.getByRole('timer')).toHaveText(/^Ask again in 0:[0-3]\d$/);
    await expect(who.page.getByRole('heading')).toHaveText('Enter the code');
  }
});

test('a language that is chosen stays; the form keeps its process', async ({ customer, person, number }) => {
  const { page } = person;
  const { url } = await customer.begin({ locale: 'es' });
  await person.opens(url);
  await expect(page.locator('html')).toHaveAttribute('lang', 'es');
  await page.locator('.sd-languages summary').click();
  await page.getByRole('link', { name: 'Deutsch', exact: true }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  await page.goto(url);
  await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  await page.locator('input[name=number]').fill(number);
  await page.locator('main form .sd-button').click();
  await expect(page.locator('[data-sd-screen=code]')).toBeVisible();
  const [message] = await customer.messagesTo(number);
  expect(message?.text).toMatch(/Ihr|Code/);
});
