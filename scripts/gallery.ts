/**
 * Pictures of every screen of the hosted page, to be looked at: `node -r ./scripts/register.cjs scripts/gallery.ts
 * [folder]`, after `node web/build.mjs`. Needs Debian's `chromium`. Screens are made up: no server, no database.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from '@playwright/test';
import type { View } from '../web/verify/contract';
import { ar } from '../web/verify/languages/ar';
import { en } from '../web/verify/languages/en';
import { asOfNow, madeUpViews } from '../web/verify/made-up-views';
import { renderPage } from '../web/verify/page';

const root = join(__dirname, '..');
const folder = process.argv[2] ?? join(root, 'dist/gallery');
const only = process.argv[3] ?? '';
const asset = (path: string) => readFileSync(join(root, 'dist/public', path));
const manifest = JSON.parse(asset('manifest.json').toString()) as Record<
  'script' | 'style' | 'worker',
  string
>;

function pageOf(view: View): string {
  const words = view.locale === 'ar' ? ar : en;
  const languages = ['ar', 'de', 'en', 'es', 'fr', 'ja', 'pt-BR', 'zh-Hans'];
  return renderPage(view, { words, assets: manifest, nonce: 'n', base: '/verify/x', languages });
}

/** Pages at `/{name}`, the assets at their own paths. */
function serve(views: ReadonlyMap<string, View>) {
  return createServer((request, response) => {
    // What a screen asks for is never answered, so that it stays as it is.
    if (request.url?.startsWith('/verify/') === true) return;
    const path = decodeURIComponent((request.url ?? '').split('?')[0] ?? '');
    const view = views.get(path.slice(1));
    if (view !== undefined) response.setHeader('content-type', 'text/html; charset=utf-8').end(pageOf(view));
    else if (path.startsWith('/assets/')) {
      response.setHeader('content-type', path.endsWith('.css') ? 'text/css' : 'text/javascript');
      response.end(asset(path));
    } else response.writeHead(404).end();
  });
}

const looks = [
  { name: '320', width: 320, scheme: 'light' },
  { name: '768-dark', width: 768, scheme: 'dark' },
  { name: '1440', width: 1440, scheme: 'light' },
  { name: '320-dark-rtl', width: 320, scheme: 'dark', rtl: true },
  { name: '768-rtl', width: 768, scheme: 'light', rtl: true },
] as const;

async function shoot(browser: Browser, url: string, look: (typeof looks)[number]): Promise<void> {
  const viewport = { width: look.width, height: look.width === 320 ? 640 : 900 };
  const context = await browser.newContext({
    viewport,
    colorScheme: look.scheme,
    timezoneId: 'Europe/Madrid',
  });
  const page = await context.newPage();
  for (const name of Object.keys(madeUpViews).filter((screen) => screen.includes(only)))
    await picture(page, `${url}/${encodeURIComponent(`${name}${'rtl' in look ? ' rtl' : ''}`)}`, {
      path: join(folder, `${name.replace(/\W+/g, '-')}.${look.name}.png`),
    });
  await context.close();
}

async function picture(page: Page, url: string, { path }: { readonly path: string }): Promise<void> {
  await page.goto(url, { waitUntil: 'load' });
  await page.waitForTimeout(150);
  const width = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
  if (Number(width) > 0) console.error(`${path}: ${String(width)} px too wide`);
  writeFileSync(path, await page.screenshot({ fullPage: true }));
}

async function main(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const views = new Map(
    Object.entries(madeUpViews).flatMap(([name, view]) => [
      [name, asOfNow({ ...view, continueUrl: null })],
      [`${name} rtl`, asOfNow({ ...view, continueUrl: null, locale: 'ar', direction: 'rtl' })],
    ]),
  );
  const server = serve(views).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  for (const look of looks) await shoot(browser, `http://127.0.0.1:${port}`, look);
  await browser.close();
  server.close();
  server.closeAllConnections();
}

void main();
