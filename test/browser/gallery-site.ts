/** Every made-up screen as a page of its own, rendered by what was built, under the policy of real pages. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { View } from '../../web/verify/contract';
import { ar } from '../../web/verify/languages/ar';
import { en } from '../../web/verify/languages/en';
import { asOfNow, madeUpViews } from '../../web/verify/made-up-views';
import type { renderPage } from '../../web/verify/page';
import { ensureBuilt, projectRoot } from '../support/built-app';

const dist = join(projectRoot, 'dist');
const nonce = 'bm9uY2U';
const policy =
  `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data:; ` +
  `connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'`;

export interface Gallery {
  readonly names: readonly string[];
  /** Nothing answers what a page asks: a screen stays as it is. */
  url(name: string, direction: View['direction']): string;
  stop(): Promise<void>;
}

export async function startGallery(): Promise<Gallery> {
  await ensureBuilt();
  // The built one: nothing here knows how to read JSX for the server.
  const built = createRequire(__filename)(join(dist, 'web/verify/page.js')) as {
    readonly renderPage: typeof renderPage;
  };
  const file = (path: string) => readFileSync(join(dist, 'public', path));
  const assets = JSON.parse(file('manifest.json').toString()) as Parameters<typeof renderPage>[1]['assets'];
  const document = (view: View) =>
    built.renderPage(view, {
      words: view.locale === 'ar' ? ar : en,
      assets,
      nonce,
      base: '/verify/x',
      languages: ['ar', 'de', 'en', 'ja'],
    });

  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://gallery');
    const view = madeUpViews[searchParams.get('view') ?? ''];
    if (view && request.method === 'GET' && pathname === '/') {
      const isRtl = searchParams.get('direction') === 'rtl';
      const shown = asOfNow({ ...view, ...(isRtl && ({ locale: 'ar', direction: 'rtl' } as const)) });
      response.writeHead(200, {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': policy,
      });
      response.end(document({ ...shown, continueUrl: null }));
    } else if (pathname.startsWith('/assets/')) {
      const type = pathname.endsWith('.css') ? 'text/css' : 'text/javascript';
      response.writeHead(200, { 'content-type': type }).end(file(pathname));
    } else response.writeHead(503).end();
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    names: Object.keys(madeUpViews),
    url: (name, direction) => `${origin}/?view=${encodeURIComponent(name)}&direction=${direction}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
