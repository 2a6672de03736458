import { existsSync } from 'node:fs';

const usual = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The browser is the system's own (`CHROMIUM` names another one); nothing is downloaded. */
function executablePath(): string {
  const path = process.env['CHROMIUM'] ?? usual.find((candidate) => existsSync(candidate));
  if (path !== undefined) return path;
  throw new Error(
    'No Chromium found: install it (Debian: apt-get install chromium), or set CHROMIUM to its path.',
  );
}

/** In a container there is no sandbox to be had, and a small /dev/shm. */
export const launchOptions = {
  executablePath: executablePath(),
  args: ['--no-sandbox', '--disable-dev-shm-usage'],
};
