/**
 * `npm run bench:page -- --runs 5`: what the hosted page weighs, and how long a person waits for it. A real Chromium, a
 * cold cache for each run, and a slow line: 1.6 Mbit/s down, 0.75 up, 150 ms for each request (WebPageTest's
 * "3G Fast"). Prints the medians; the budgets of sizes are kept by `web/build.mjs`.
 */
import { parseArgs } from 'node:util';
import { chromium, type Browser, type CDPSession, type Page } from '@playwright/test';
import { noLimits } from '../builders/limits';
import { AppProcess } from '../support/app-process';
import { launchOptions } from './chromium';
import { Customer } from './customer';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '5' } } });

const threeG = {
  offline: false,
  latency: 150,
  downloadThroughput: (1_600 * 1024) / 8,
  uploadThroughput: (750 * 1024) / 8,
};

interface Seen {
  paintMs: number;
  usableMs: number;
  shift: number;
  slowestMs: number;
  digitMs: number;
  doneMs: number;
}

/** In the page, before anything else: keeps what happens when. */
function observe(): void {
  const seen = { paintMs: 0, usableMs: 0, shift: 0, slowestMs: 0, digitMs: 0, doneMs: 0 };
  Object.assign(globalThis, { seen });
  const watch = (type: string, take: (entry: PerformanceEntry) => void) =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({
      type,
      buffered: true,
      ...(type === 'event' && { durationThreshold: 16 }),
    });
  watch('paint', ({ name, startTime }) => {
    if (name === 'first-contentful-paint') seen.paintMs = startTime;
  });
  watch('layout-shift', (entry) => {
    const { value, hadRecentInput } = entry as PerformanceEntry & { value: number; hadRecentInput: boolean };
    if (!hadRecentInput) seen.shift += value;
  });
  watch('event', (entry) => {
    if ((entry as PerformanceEntry & { interactionId: number }).interactionId > 0)
      seen.slowestMs = Math.max(seen.slowestMs, entry.duration);
  });
  addEventListener('keydown', () => (seen.digitMs = performance.now()), true);
  new MutationObserver(() => {
    // The button that opens the list of countries is the script's.
    if (seen.usableMs === 0 && document.querySelector('[data-sd-do=choose-country]') !== null)
      seen.usableMs = performance.now();
    if (seen.doneMs === 0 && document.querySelector('[data-sd-screen=done]') !== null)
      seen.doneMs = performance.now();
  }).observe(document, { childList: true, subtree: true, attributes: true });
}

const seenIn = (page: Page) => page.evaluate(() => (globalThis as unknown as { seen: Seen }).seen);

/** Bytes on the line, by kind, headers included. */
function weigh(session: CDPSession): Map<string, number> {
  const bytes = new Map<string, number>();
  const kinds = new Map<string, string>();
  session.on('Network.responseReceived', ({ requestId, type }) => kinds.set(requestId, type));
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const kind = kinds.get(requestId) ?? 'Other';
    bytes.set(kind, (bytes.get(kind) ?? 0) + encodedDataLength);
  });
  return bytes;
}

async function run(browser: Browser, customer: Customer, number: string) {
  const { url } = await customer.begin();
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'en-GB' });
  await context.addInitScript(observe);
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  await session.send('Network.emulateNetworkConditions', threeG);
  const bytes = weigh(session);
  await page.goto(url, { waitUntil: 'networkidle' });
  const loaded = new Map(bytes);
  await session.send('Network.emulateNetworkConditions', {
    ...threeG,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: -1,
  });
  await page.getByRole('textbox', { name: 'Phone number' }).pressSequentially(number);
  await page.getByRole('button', { name: 'Send code' }).click();
  const field = page.getByRole('textbox', { name: 'Code', exact: true });
  await field.waitFor();
  const code = await customer.codeFor(number);
  await page.route(/\/back/, (route) => route.abort());
  await field.pressSequentially(code);
  await page.getByRole('heading', { name: 'Number confirmed' }).waitFor();
  const seen = await seenIn(page);
  await context.close();
  return { ...seen, loaded };
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

async function main(): Promise<void> {
  const app = await AppProcess.start({ env: { NODE_ENV: 'development', SMS_ROUTES: '*:console' } });
  const customer = await Customer.start(app);
  await customer.set({ limits: noLimits });
  const browser = await chromium.launch(launchOptions);
  const runs: Awaited<ReturnType<typeof run>>[] = [];
  for (let n = 0; n < Number(values.runs); n += 1)
    runs.push(await run(browser, customer, `+3461234${String(1_000 + n)}`));
  await browser.close();
  await customer.stop();
  await app.stop();

  const of = (name: keyof Omit<Seen, 'digitMs'>) => median(runs.map((seen) => seen[name]));
  const kilobytes = (bytes: number) => `${(bytes / 1024).toFixed(1)} kB`;
  const loaded = runs[0]?.loaded ?? new Map<string, number>();
  const rows = [
    ...[...loaded].map(([kind, bytes]) => [`on the line: ${kind}`, kilobytes(bytes)]),
    ['on the line: all', kilobytes([...loaded.values()].reduce((sum, bytes) => sum + bytes, 0))],
    ['first contentful paint, 3G', `${Math.round(of('paintMs'))} ms`],
    ['taken over by the script, 3G', `${Math.round(of('usableMs'))} ms`],
    [
      'last digit → "Number confirmed"',
      `${Math.round(median(runs.map((seen) => seen.doneMs - seen.digitMs)))} ms`,
    ],
    ['slowest interaction (INP)', `${Math.round(of('slowestMs'))} ms`],
    ['cumulative layout shift', String(Math.max(...runs.map(({ shift }) => shift)))],
  ];
  for (const [name = '', value = ''] of rows) console.log(`${name.padEnd(34)} ${value.padStart(10)}`);
}

void main();
