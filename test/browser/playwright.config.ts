/**
 * Real people's ways through the pages, in a real Chromium against the built app: `npm run test:browser`. The browser
 * is the system's own (`CHROMIUM` names another one); nothing is downloaded.
 */
import { defineConfig } from '@playwright/test';
import { launchOptions } from './chromium';

export default defineConfig({
  testDir: '.',
  testMatch: '**/*.browser.ts',
  outputDir: '../../node_modules/.cache/browser-tests',
  // Each worker has an app and a database of its own.
  fullyParallel: true,
  workers: 2,
  // A flaky test is a bug: it fails.
  retries: 0,
  timeout: 60_000,
  // A busy machine takes longer, and nothing is asserted about that.
  expect: { timeout: 15_000 },
  reporter: process.env['BROWSER_REPORT']
    ? [['list'], ['json', { outputFile: process.env['BROWSER_REPORT'] }]]
    : [['list']],
  use: {
    browserName: 'chromium',
    launchOptions,
    actionTimeout: 15_000,
    locale: 'en-GB',
    timezoneId: 'Europe/Madrid',
    trace: 'retain-on-failure',
  },
});
