import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { freePort } from '../../../src/database/mongod/mongod-process';
import { BrowserVisit } from '../../support/browser-visit';
import { projectRoot } from '../../support/built-app';
import { newNumber, until, useEngine, type Tenant } from '../../support/engine';

const engine = useEngine({ processes: 1, env: { SMS_ROUTES: '*:console' } });
const running: ChildProcess[] = [];

afterAll(() => {
  for (const child of running) child.kill();
});

/** The backend of an example, as its README starts it. */
async function example(name: string): Promise<{ readonly url: string; readonly tenant: Tenant }> {
  const port = String(await freePort());
  const url = `http://localhost:${port}`;
  const tenant = await engine.tenant({ hosted: { returnUrls: [`${url}/verified`], origins: [url] } });
  const child = spawn(process.execPath, ['server.mjs'], {
    cwd: join(projectRoot, 'examples', name),
    env: {
      PATH: process.env['PATH'],
      PORT: port,
      SIXDIGIT_URL: engine.apps[0]!.url,
      SIXDIGIT_API_KEY: tenant.key,
    },
  });
  running.push(child);
  await until(() =>
    fetch(url)
      .then(({ ok }) => ok)
      .catch(() => false),
  );
  return { url, tenant };
}

async function codeOf(tenant: Tenant): Promise<string> {
  const { body } = await tenant.call('GET /v1/sandbox/messages?limit=1');
  return (body as { data: { code: string }[] }).data[0]!.code;
}

describe('the example of the hosted page', () => {
  it('knows the number in the end, in the session that began and in no other', async () => {
    const { url, tenant } = await example('hosted-page-plain');
    const browser = new BrowserVisit(url);
    const sent = await browser.fetch(`${url}/verify`, { method: 'POST' });
    const person = new BrowserVisit(sent.headers.get('location')!);
    const to = newNumber();
    await person.act('send', { number: to });
    const { continueUrl } = await person.act('check', { code: await codeOf(tenant) });
    const stranger = new BrowserVisit(url);
    expect((await stranger.fetch(continueUrl!)).status).toBe(502);
    expect((await browser.fetch(continueUrl!)).headers.get('location')).toBe('/');
    expect((await browser.page()).text).toContain(`Your number is <b>${to}</b>`);
    expect((await stranger.page()).text).not.toContain(to);
  });
});

describe('the example of the component', () => {
  it('mints a session for its page, and redeems what the component tells', async () => {
    const { url, tenant } = await example('component-plain');
    const browser = new BrowserVisit(url);
    const page = await browser.page();
    expect(page.text).toContain('<sixdigit-verify>');
    expect(page.headers.get('content-security-policy')).not.toMatch(/unsafe/);
    const post = (path: string, body: object) =>
      browser.fetch(url + path, { method: 'POST', headers: { origin: url }, body: JSON.stringify(body) });
    const { sessionToken, script } = JSON.parse((await post('/phone/session', {})).text) as Record<
      string,
      string
    >;
    expect((await fetch(script!)).status).toBe(200);
    const ask = async (path: string, body?: object) => {
      const response = await fetch(`${engine.apps[0]!.url}/embed/v1/session${path}`, {
        headers: { authorization: `Bearer ${sessionToken}`, origin: url, 'content-type': 'application/json' },
        ...(body && { method: 'POST', body: JSON.stringify(body) }),
      });
      return (await response.json()) as { operation: string; screen: string; resultToken: string };
    };
    const to = newNumber();
    const { operation } = await ask('');
    expect(await ask('/send', { operation, number: to })).toMatchObject({ screen: 'code' });
    const { resultToken } = await ask('/check', { code: await codeOf(tenant) });
    expect(JSON.parse((await post('/phone/confirm', { resultToken })).text)).toEqual({ to });
    expect((await post('/phone/confirm', { resultToken })).status).toBe(502);
  });
});
