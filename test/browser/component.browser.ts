/** `<sixdigit-verify>` in pages of others: their policies, frames, shadow roots, routers and looks. */
import type { Page } from '@playwright/test';
import type { AppProcess } from '../support/app-process';
import type { Customer } from './customer';
import { expect, test } from './fixtures';
import { wrongCode } from './person';

interface Happening {
  readonly name: string;
  readonly resultToken?: string;
  readonly reason?: string;
}

/** The site's own script: keeps what the component tells. */
const listener = `
  window.told = [];
  for (const name of ['started', 'sent', 'approved', 'failed'])
    document.addEventListener('sixdigit-' + name, ({ detail }) => window.told.push({ name, ...detail }));
`;

/** Nothing inline, nothing from anywhere but the site and this server. */
const strict = (app: AppProcess) =>
  `default-src 'none'; script-src 'self' ${app.url}; connect-src ${app.url}; style-src 'self'; ` +
  `frame-src 'self'; require-trusted-types-for 'script'`;

interface Site {
  readonly body: string;
  readonly head?: string;
  readonly script?: string;
  readonly html?: string;
}

function show(
  app: AppProcess,
  customer: Customer,
  { body, head = '', script = '', html = 'lang="en"' }: Site,
) {
  const policy = { 'content-security-policy': strict(app) };
  customer.show({
    '/shop': {
      html:
        `<!doctype html><html ${html}><meta charset="utf-8"><title>Shop</title>${head}` +
        `<script src="/shop.js"></script>` +
        `<script type="module" src="${app.url}/embed/v1/sixdigit-verify.js"></script><h1>Shop</h1>${body}</html>`,
      headers: policy,
    },
    '/shop.js': { html: listener + script, headers: { 'content-type': 'text/javascript' } },
    '/frame': { html: '<!doctype html><iframe src="/shop" title="shop"></iframe>', headers: policy },
    '/shop.css': {
      html: 'sixdigit-verify { --sd-accent: #7a1fa2; --sd-radius: 0px } .sd-button { letter-spacing: 3px }',
      headers: { 'content-type': 'text/css' },
    },
  });
  return `${customer.origin}/shop`;
}

const told = (page: Page) => page.evaluate(() => (globalThis as unknown as { told: Happening[] }).told);

async function session(customer: Customer, ask: object = {}) {
  return customer.begin({ returnUrl: undefined, origin: customer.origin, ...ask });
}

test('the whole way in a page with a strict policy, and its events', async ({
  app,
  customer,
  person,
  number,
}) => {
  const { page } = person;
  const { id, sessionToken } = await session(customer);
  await person.opens(
    show(app, customer, { body: `<sixdigit-verify session="${sessionToken}"></sixdigit-verify>` }),
  );
  await person.sees('What’s your phone number?');
  // A heading of the page's own stands above it.
  await expect(page.getByRole('heading', { level: 2 })).toHaveText('What’s your phone number?');
  await person.numberField.fill(number);
  await person.button('Send code').click();
  await person.sees('Enter the code');
  const code = await customer.codeFor(number);
  await person.codeField.fill(wrongCode(code));
  await expect(person.alert).toHaveText(/^That code isn’t right/);
  await person.codeField.fill(code);
  await person.sees('Number confirmed');
  const happenings = await told(page);
  expect(happenings.map(({ name }) => name)).toEqual(['started', 'sent', 'approved']);
  const result = happenings.at(-1)?.resultToken ?? '';
  expect(await customer.redeem(id, result)).toMatchObject({ status: 200, body: { to: number } });
  // Nothing is kept in the browser, and the page did not move.
  expect(page.url()).toBe(`${customer.origin}/shop`);
  const kept = await page.evaluate(() => [document.cookie, localStorage.length, sessionStorage.length]);
  expect(kept).toEqual(['', 0, 0]);
});

test('two on one page go their own ways', async ({ app, customer, person, number }) => {
  const { page } = person;
  const [one, two] = [await session(customer), await session(customer, { to: number })];
  await person.opens(
    show(app, customer, {
      body: [one, two]
        .map(({ sessionToken }) => `<sixdigit-verify session="${sessionToken}"></sixdigit-verify>`)
        .join(''),
    }),
  );
  const [first, second] = [page.locator('sixdigit-verify').first(), page.locator('sixdigit-verify').last()];
  await expect(first.getByRole('heading')).toHaveText('What’s your phone number?');
  await expect(second.getByRole('heading')).toHaveText('Confirm it’s you');
  await second.getByRole('button', { name: 'Send code' }).click();
  await second.getByRole('textbox', { name: 'Code' }).fill(await customer.codeFor(number));
  await expect(second.getByRole('heading')).toHaveText('Number confirmed');
  await expect(first.getByRole('heading')).toHaveText('What’s your phone number?');
  const ids = await page.evaluate(() => [...document.querySelectorAll('[id]')].map(({ id }) => id));
  expect(new Set(ids).size).toBe(ids.length);
});

test('inside a shadow root, and inside a frame of the same site', async ({
  app,
  customer,
  person,
  number,
}) => {
  const { page } = person;
  const { sessionToken } = await session(customer);
  const script = `addEventListener('DOMContentLoaded', () => {
    const form = document.createElement('sixdigit-verify');
    form.setAttribute('session', '${sessionToken}');
    document.querySelector('main').attachShadow({ mode: 'open' }).append(form);
  });`;
  show(app, customer, { body: '<main></main>', script });
  await person.opens(`${customer.origin}/frame`);
  const frame = page.frameLocator('iframe');
  await frame.getByRole('textbox', { name: 'Phone number' }).fill(number);
  await frame.getByRole('button', { name: 'Send code' }).click();
  await expect(frame.getByRole('textbox', { name: 'Code' })).toBeFocused();
  // Its looks came along into the root.
  await expect(frame.getByRole('button', { name: 'Check code' })).toHaveCSS('cursor', 'pointer');
  await frame.getByRole('textbox', { name: 'Code' }).fill(await customer.codeFor(number));
  await expect(frame.getByRole('heading', { name: 'Number confirmed' })).toBeVisible();
  expect(await page.frames()[1]?.evaluate('told.map(({ name }) => name)')).toEqual([
    'started',
    'sent',
    'approved',
  ]);
});

test('a router takes it out and puts it back: it goes on where it was', async ({
  app,
  customer,
  person,
  number,
}) => {
  const { page } = person;
  const { sessionToken } = await session(customer);
  await person.opens(
    show(app, customer, {
      body: `<main><sixdigit-verify session="${sessionToken}"></sixdigit-verify></main>`,
    }),
  );
  await person.numberField.fill(number);
  await person.button('Send code').click();
  await person.sees('Enter the code');
  await page.evaluate(() => {
    const form = document.querySelector('sixdigit-verify') as Element;
    Object.assign(globalThis, { form });
    form.remove();
  });
  await expect(page.locator('.sd-card')).toHaveCount(0);
  await page.evaluate(() => {
    document.querySelector('main')?.append((globalThis as unknown as { form: Element }).form);
  });
  await person.sees('Enter the code');
  // Moved within the page it stays as it is, with what was typed.
  await person.codeField.fill('12');
  await page.evaluate(() => document.body.append(document.querySelector('sixdigit-verify') as Element));
  await expect(person.codeField).toHaveValue('12');
  await expect(page.locator('.sd-card')).toHaveCount(1);
  await person.codeField.fill(await customer.codeFor(number));
  await person.sees('Number confirmed');
  expect(await customer.messagesTo(number)).toHaveLength(1);
});

test('the looks and the language of the page around it', async ({ app, customer, person }) => {
  const { page } = person;
  await customer.set({ hosted: { theme: { accent: '#0b6b3a' } } });
  const { sessionToken } = await session(customer, { locale: 'ar' });
  const body = `<div dir="rtl"><sixdigit-verify session="${sessionToken}"></sixdigit-verify></div>`;
  const url = show(app, customer, { body });
  await person.opens(url);
  const button = page.locator('.sd-button');
  await expect(button).toHaveCSS('background-color', 'rgb(11, 107, 58)');
  await expect(page.locator('.sd-card')).toHaveAttribute('dir', 'rtl');
  await expect(page.locator('.sd-card')).toHaveAttribute('lang', 'ar');
  await expect(page.getByRole('heading', { level: 2 })).toHaveText(/[\u0600-\u06ff]/);

  // What the site sets wins over the brand of the application.
  show(app, customer, { body, head: '<link rel="stylesheet" href="/shop.css">' });
  await person.opens(url);
  await expect(button).toHaveCSS('background-color', 'rgb(122, 31, 162)');
  await expect(button).toHaveCSS('border-radius', '0px');
  await expect(button).toHaveCSS('letter-spacing', '3px');
});

test('a page of another origin gets nothing with the session of this one', async ({
  app,
  customer,
  person,
  another,
}) => {
  const { sessionToken } = await session(customer, { to: '+34612345678' });
  const body = `<sixdigit-verify session="${sessionToken}"></sixdigit-verify>`;
  const url = show(app, customer, { body });
  const elsewhere = await another();
  // Another name of the same machine is another origin.
  await elsewhere.opens(url.replace('127.0.0.1', 'localhost'));
  // The browser does not tell the component why: to it, no answer came.
  await expect.poll(() => told(elsewhere.page)).toEqual([{ name: 'failed', reason: 'unavailable' }]);
  await expect(elsewhere.page.locator('.sd-card')).toHaveCount(0);
  // Caught: `Access-Control-Allow-Origin: *` on answers.
  const call = (page: Page) =>
    page.evaluate(
      async ([api, token]) =>
        fetch(`${String(api)}/embed/v1/session`, {
          headers: { authorization: `Bearer ${String(token)}` },
        }).then(
          (response) => response.status,
          () => 'refused',
        ),
      [app.url, sessionToken],
    );
  expect(await call(elsewhere.page)).toBe('refused');
  await person.opens(url);
  await person.sees('Confirm it’s you');
  expect(await call(person.page)).toBe(200);
});

test('a session that is no more, or never was, is told to the page around it', async ({
  app,
  customer,
  person,
}) => {
  const made = `sds_${'A'.repeat(43)}`;
  await person.opens(show(app, customer, { body: `<sixdigit-verify session="${made}"></sixdigit-verify>` }));
  await expect.poll(() => told(person.page)).toEqual([{ name: 'failed', reason: 'session' }]);
  // The link of a page is no session, and a session no link.
  const { url } = await customer.begin();
  const link = url.split('/').at(-1) ?? '';
  const asSession = await fetch(`${app.url}/embed/v1/session`, {
    headers: { authorization: `Bearer ${link}` },
  });
  expect(asSession.status).toBe(401);
  const { sessionToken } = await session(customer);
  expect((await fetch(`${app.url}/verify/${sessionToken}`)).status).toBe(404);
});
