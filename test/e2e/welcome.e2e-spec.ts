import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { AppProcess } from '../support/app-process';
import { BrowserVisit } from '../support/browser-visit';
import { useDatabase } from '../support/mongo';

describe('what a developer sees at the start', () => {
  const database = useDatabase();
  let app: AppProcess;

  beforeAll(async () => {
    app = await AppProcess.start({ env: { NODE_ENV: 'development', MONGODB_URI: database.uri } });
  }, 60_000);
  afterAll(() => app.stop());

  const printed = () => app.stdout.split('\n').map((line) => line.trim());

  // Catches: a printed line that does not work when it is pasted into a shell.
  it('is two lines that send a code and check it', async () => {
    const send = printed().find((line) => line.startsWith('V=$('));
    const check = printed().find((line) => line.startsWith('C=$('));
    const { stdout } = await promisify(execFile)('bash', ['-c', `${send}\n${check}`]);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'approved', valid: true });
  });

  describe('and a link to a demo, which', () => {
    const link = () => /^Try it\s+(\S+)/m.exec(printed().join('\n'))![1]!;
    const own = (): Record<string, string> => ({ origin: app.url, 'content-type': 'application/json' });
    const post = (visit: BrowserVisit, path: string, body: object, headers = own()) =>
      visit.fetch(app.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
    const begin = async (visit: BrowserVisit) => {
      const { status, body } = await post(visit, '/try/begin', {});
      expect(status).toBe(201);
      return new BrowserVisit(app.url + String(body['url']));
    };
    const state = async (visit: BrowserVisit) => (await visit.fetch(`${app.url}/try/state`)).body;

    it('is a page that loads only what is here, and no key is in it', async () => {
      const { status, text, headers } = await new BrowserVisit(link()).page();
      expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
      expect(headers.get('content-security-policy')).toMatch(
        /script-src 'self'; style-src 'self'; .*ancestors 'none'/,
      );
      for (const key of [app.apiKey, app.adminKey]) expect(text).not.toContain(key);
      const files = [...text.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path = '']) => path);
      expect(files).toHaveLength(2);
      for (const path of files) expect((await fetch(app.url + path)).status).toBe(200);
    });

    it('takes one through all of it, up to the proof', async () => {
      const visitor = new BrowserVisit(link());
      const person = await begin(visitor);
      expect(await state(visitor)).toEqual({ step: 'number', messages: [] });
      await person.act('send', { number: '+12015550123' });
      const { step, messages } = (await state(visitor)) as { step: string; messages: { code: string }[] };
      expect([step, messages]).toEqual(['code', [expect.objectContaining({ channel: 'sms' })]]);
      const { continueUrl } = await person.act('check', { code: messages[0]!.code });
      expect(continueUrl).toMatch(new RegExp(`^${app.url}/try/return\\?result=sdr_`));
      const shop = await visitor.fetch(continueUrl!);
      expect(shop.headers.get('content-security-policy')).toMatch(/frame-ancestors 'self'$/);
      expect(shop.headers.has('x-frame-options')).toBe(false);
      const result = new URL(continueUrl!).searchParams.get('result');
      expect(await post(visitor, '/try/redeem', { result })).toMatchObject({
        status: 200,
        body: { valid: true, to: '+12015550123' },
      });
      expect(await state(visitor)).toMatchObject({ step: 'done' });
      expect(await post(visitor, '/try/redeem', { result })).toMatchObject({ status: 409 });
    });

    // Catches: a demo by which another page in the developer's browser reads codes or begins processes.
    it('is of no use to other pages and other browsers', async () => {
      const visitor = new BrowserVisit(link());
      const person = await begin(visitor);
      await person.act('send', { number: '+12015550124' });
      for (const origin of ['https://evil.example', 'null'])
        expect(await post(visitor, '/try/begin', {}, { ...own(), origin })).toMatchObject({ status: 403 });
      expect(await post(visitor, '/try/redeem', { result: 'sdr_x' }, { ...own(), origin: '' })).toMatchObject(
        {
          status: 403,
        },
      );
      const answer = await visitor.fetch(`${app.url}/try/state`);
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
      const stranger = new BrowserVisit(link());
      expect((await stranger.fetch(`${app.url}/try/state`)).status).toBe(404);
      const theirs = await begin(stranger);
      await theirs.act('send', { number: '+12015550125' });
      const { messages } = (await state(stranger)) as { messages: { text: string }[] };
      expect(messages).toHaveLength(1);
    });

    it('lets its own pages frame the hosted page, and nobody else', async () => {
      const person = await begin(new BrowserVisit(link()));
      const page = await person.page();
      expect(page.headers.get('content-security-policy')).toMatch(new RegExp(`frame-ancestors ${app.url}$`));
    });

    it('sends browsers to its one address', async () => {
      const { port } = new URL(app.url);
      const answer = await fetch(`http://localhost:${port}/try`, { redirect: 'manual' });
      expect([answer.status, answer.headers.get('location')]).toEqual([302, link()]);
    });
  });
});
