/**
 * `npm run screenshots`: the pictures of `docs/images/`, from real pages of the built app, in the system's Chromium.
 * Look at them before they are committed.
 */
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContextOptions, type Page } from '@playwright/test';
import { AppProcess } from '../support/app-process';
import { projectRoot } from '../support/built-app';
import { launchOptions } from './chromium';
import { Customer } from './customer';

const folder = join(projectRoot, 'docs/images');
const number = '+34612345678';
const phone: BrowserContextOptions = {
  viewport: { width: 360, height: 640 },
  deviceScaleFactor: 1.5,
  locale: 'en-GB',
  timezoneId: 'Europe/Madrid',
};

async function take(page: Page, name: string): Promise<void> {
  await page.evaluate('document.fonts.ready');
  const path = join(folder, `${name}.png`);
  await page.screenshot({ path, animations: 'disabled', caret: 'hide' });
  console.log(`${name}: ${Math.round(statSync(path).size / 1024)} kB`);
}

async function withPage(
  browser: Browser,
  options: BrowserContextOptions,
  act: (page: Page) => Promise<void>,
) {
  const context = await browser.newContext({ ...phone, ...options });
  await act(await context.newPage());
  await context.close();
}

async function hostedPages(browser: Browser, customer: Customer): Promise<void> {
  await withPage(browser, {}, async (page) => {
    const { url } = await customer.begin({ country: 'ES', cancelUrl: `${customer.origin}/cancelled` });
    await page.goto(url);
    await page.getByRole('textbox', { name: 'Phone number' }).pressSequentially(number.slice(3));
    await page.getByText(/^We’ll text/).waitFor();
    await take(page, 'number');
    await page.getByRole('button', { name: 'Send code' }).click();
    await page.getByRole('heading', { name: 'Enter the code' }).waitFor();
    await take(page, 'code');
  });
  await withPage(browser, { colorScheme: 'dark' }, async (page) => {
    const { url } = await customer.begin({ to: number, send: 'now' });
    await page.goto(url);
    await page.route(/\/back/, (route) => route.abort());
    await page.getByRole('textbox', { name: 'Code' }).fill(await customer.codeFor(number));
    await page.getByRole('heading', { name: 'Number confirmed' }).waitFor();
    await take(page, 'done-dark');
  });
  await withPage(browser, {}, async (page) => {
    const transaction = { amount: '129.90', currency: 'EUR', payee: 'Blue Door Books' };
    const { url } = await customer.begin({ to: '+966501234567', locale: 'ar', transaction });
    await page.goto(url);
    await take(page, 'confirm-rtl');
  });
}

async function component(browser: Browser, app: AppProcess, customer: Customer): Promise<void> {
  const { sessionToken } = await customer.begin({
    returnUrl: undefined,
    origin: customer.origin,
    country: 'ES',
  });
  customer.show({
    '/account': {
      html:
        `<!doctype html><meta charset="utf-8"><title>Account</title><style>body{font:16px system-ui;margin:32px;` +
        `background:#f6f1e9;color:#2b2118}main{max-width:420px;padding:24px;background:#fff;border-radius:16px}` +
        `sixdigit-verify{--sd-accent:#9a3412;--sd-radius:999px}</style><h1>Your account</h1><main>` +
        `<p>Add a phone number, so that we can reach you.</p>` +
        `<sixdigit-verify session="${sessionToken}"></sixdigit-verify></main>` +
        `<script type="module" src="${app.url}/embed/v1/sixdigit-verify.js"></script>`,
    },
  });
  await withPage(browser, { viewport: { width: 560, height: 640 } }, async (page) => {
    await page.goto(`${customer.origin}/account`);
    await page.getByRole('textbox', { name: 'Phone number' }).waitFor();
    await take(page, 'component');
  });
}

async function demo(browser: Browser, app: AppProcess): Promise<void> {
  await withPage(browser, { viewport: { width: 1040, height: 860 }, deviceScaleFactor: 1 }, async (page) => {
    await page.goto(`${app.url}/try`);
    const frame = page.frameLocator('#try-frame');
    await frame.getByRole('textbox', { name: 'Phone number' }).fill(number);
    await frame.getByRole('button', { name: 'Send code' }).click();
    await page.getByRole('button', { name: /^Copy/ }).waitFor();
    await page.evaluate('scrollTo(0, 0)');
    await take(page, 'try-it');
  });
}

async function main(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const app = await AppProcess.start({ env: { NODE_ENV: 'development', SMS_ROUTES: '*:console' } });
  const customer = await Customer.start(app);
  const browser = await chromium.launch(launchOptions);
  await hostedPages(browser, customer);
  await component(browser, app, customer);
  await demo(browser, app);
  await browser.close();
  await customer.stop();
  await app.stop();
}

void main();
