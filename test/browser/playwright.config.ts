/**
 * Real people's ways through the pages, in a real Chromium against the built app: `npm run test:browser`. The browser
 * is the system's own (`CHROMIUM` names another one); nothing is downloaded.
 */
import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

const usual = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const executablePath = process.env['CHROMIUM'] ?? usual.find((path) => existsSync(path));
if (executablePath === undefined) {
  throw new Error(
    'No Chromium found: install it (Debian: apt-get install chromium), or set CHROMIUM to its path.',
  );
}

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
  reporter: process.env['BROWSER_REPORT']
    ? [['list'], ['json', { outputFile: process.env['BROWSER_REPORT'] }]]
    : [['list']],
  use: {
    browserName: 'chromium',
    // In a container there is no sandbox to be had, and a small /dev/shm.
    launchOptions: { executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] },
    locale: 'en-GB',
    timezoneId: 'Europe/Madrid',
    trace: 'retain-on-failure',
  },
});
