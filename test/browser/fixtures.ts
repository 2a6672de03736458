/** What every browser test starts from: an app of the worker's own, and an application of the test's own in it. */
import { test as base, expect } from '@playwright/test';
import { randomInt } from 'node:crypto';
import { AppProcess } from '../support/app-process';
import { Customer } from './customer';

interface WorkerFixtures {
  /** The built app with an embedded MongoDB of its own; messages go to the sandbox inbox. */
  readonly app: AppProcess;
}

interface TestFixtures {
  /** A company with a site, a backend and an application of its own. */
  readonly customer: Customer;
  /** A mobile number that no other test uses. */
  readonly number: string;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  app: [
    async ({}, use) => {
      const app = await AppProcess.start({ env: { NODE_ENV: 'development', SMS_ROUTES: '*:console' } });
      await use(app);
      await app.stop();
    },
    { scope: 'worker' },
  ],
  customer: async ({ app }, use) => {
    const customer = await Customer.start(app);
    await use(customer);
    await customer.stop();
  },
  number: async ({}, use) => {
    await use(`+346${String(randomInt(10_000_000, 99_999_999))}`);
  },
});

export { expect };
