/** What every browser test starts from: an app of the worker's own, and an application of the test's own in it. */
import { test as base, expect, type BrowserContextOptions } from '@playwright/test';
import { randomInt } from 'node:crypto';
import { AppProcess } from '../support/app-process';
import { Customer } from './customer';
import { startGallery, type Gallery } from './gallery-site';
import { Person, watch } from './person';

interface WorkerFixtures {
  /** The built app with an embedded MongoDB of its own; messages go to the sandbox inbox. */
  readonly app: AppProcess;
  /** Every made-up screen. */
  readonly gallery: Gallery;
}

interface TestFixtures {
  /** A company with a site, a backend and an application of its own. */
  readonly customer: Customer;
  /** A mobile number that no other test uses. */
  readonly number: string;
  readonly person: Person;
  /** Somebody else, or the same person at another device. */
  readonly another: (options?: BrowserContextOptions) => Promise<Person>;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  app: [
    async ({}, use) => {
      // All tests come from one address.
      const env = { NODE_ENV: 'development', SMS_ROUTES: '*:console', THROTTLE_PER_SECOND: '1000' };
      const app = await AppProcess.start({ env });
      await use(app);
      await app.stop();
    },
    // The first one may have to build it.
    { scope: 'worker', timeout: 300_000 },
  ],
  gallery: [
    async ({}, use) => {
      const gallery = await startGallery();
      await use(gallery);
      await gallery.stop();
    },
    { scope: 'worker', timeout: 300_000 },
  ],
  customer: async ({ app }, use) => {
    const customer = await Customer.start(app);
    await use(customer);
    await customer.stop();
  },
  number: async ({}, use) => {
    await use(`+346${String(randomInt(10_000_000, 99_999_999))}`);
  },
  context: async ({ context }, use) => {
    const faults = watch(context);
    await use(context);
    expect(faults, 'faults that the browser reports').toEqual([]);
  },
  person: async ({ page }, use) => {
    await use(new Person(page));
  },
  another: async ({ browser }, use) => {
    const opened: { close(): Promise<void>; faults: readonly string[] }[] = [];
    await use(async (options) => {
      const context = await browser.newContext(options);
      opened.push({ close: () => context.close(), faults: watch(context) });
      return new Person(await context.newPage());
    });
    for (const { close } of opened) await close();
    expect(opened.flatMap(({ faults }) => faults)).toEqual([]);
  },
});

export { expect };
