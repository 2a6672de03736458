/**
 * R31. A GET counts, approves, sends or marks, and link previews, prefetchers and crawlers do it for the attacker. Seen
 * in otpgateway (source).
 *
 * Catches: reading that expires, counts, remembers or marks. Every GET of the table of routes is asked, in both
 * processes of an installation of its own: what else wrote would not be told apart.
 */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { picture } from '../builders/pictures';
import { newNumber, type Tenant, until, useEngine, wrongCode } from '../support/engine';
import { dump } from '../support/leaks';
import { pathOf, routeTable } from './route-table';

const engine = useEngine({ env: { SMS_ROUTES: '*:http;US:console' } });

/** A fingerprint of each collection, but for what runs by itself: the leases of the jobs, the clock of the audit log. */
async function content(): Promise<Record<string, string>> {
  const collections = [...(await dump(engine.db))].filter(
    ([name]) => !['leases', 'audit_clock'].includes(name),
  );
  const sumOf = (documents: readonly Buffer[]): string =>
    createHash('sha256').update(Buffer.concat(documents)).digest('hex');
  return Object.fromEntries(collections.map(([name, documents]) => [name, sumOf(documents)]));
}

/** What the calls before have set going must have come to its end; only the roll-up waits longer than that. */
const QUIET_MS = 2_000;
const uncounted = (): Promise<number> =>
  engine.db.collection('changed_hours').countDocuments({ changedAt: { $exists: true } });

const gets = routeTable.filter(({ route }) => route.startsWith('GET '));

const RETURN_URL = 'https://shop.example/back';
const ORIGIN = 'https://shop.example';

/** A link and a session with a code under way, and one of the files that a page loads. */
async function hosted(tenant: Tenant): Promise<{ token: string; sessionToken: string; asset: string }> {
  const begin = async (body: object) =>
    (await tenant.call('POST /v1/hosted-verifications', { to: newNumber(), send: 'now', ...body })).body;
  const token = String((await begin({ returnUrl: RETURN_URL }))['url'])
    .split('/')
    .at(-1)!;
  const page = await engine.call(`GET /verify/${token}`, null);
  const asset = /\/assets\/([\w.-]+\.css)/.exec(page.text)![1]!;
  return { token, sessionToken: String((await begin({ origin: ORIGIN }))['sessionToken']), asset };
}

async function logo({ id }: Tenant): Promise<string> {
  const answer = await fetch(`${engine.apps[0]!.url}/v1/applications/${id}/logo`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${engine.adminKey}`, 'content-type': 'image/png' },
    body: new Uint8Array(picture()),
  });
  return ((await answer.json()) as { url: string }).url.split('/').at(-1)!;
}

it('every GET and HEAD leaves every document as it was, byte for byte', async () => {
  const tenant = await engine.tenant({ hosted: { returnUrls: [RETURN_URL], origins: [ORIGIN] } });
  const pending = await tenant.start();
  await tenant.check(pending.id, wrongCode(pending.code));
  const keys = await engine.admin(`GET /v1/applications/${tenant.id}/keys`);
  const [key] = keys.body['data'] as { id: string }[];
  const block = await tenant.call('POST /v1/blocks', {
    list: 'block',
    kind: 'country',
    value: 'JP',
    reason: 'r31',
  });
  const blockId = String(block.body['id']);
  const { token, sessionToken, asset } = await hosted(tenant);
  const ids = {
    id: pending.id,
    token,
    file: await logo(tenant),
    name: asset,
    blockId,
    applicationId: tenant.id,
    keyId: key!.id,
    gateway: 'http',
    secret: 'none',
  };
  const to = encodeURIComponent(pending.to);
  const queries: Record<string, readonly string[]> = {
    'GET /v1/verifications': ['', `?to=${to}&status=pending`],
    'GET /v1/audit/events': ['', `?verificationId=${pending.id}`],
    'GET /v1/sandbox/messages': ['', `?to=${to}`],
    'GET /verify/:token': ['', '?locale=es'],
  };
  const settled = await until(async () => {
    if ((await uncounted()) > 0) return false;
    const before = await content();
    await sleep(QUIET_MS);
    return JSON.stringify(await content()) === JSON.stringify(before) && before;
  }, 30_000);

  for (const row of gets) {
    const path = pathOf(row, ids);
    const ownKey = row.route.startsWith('GET /embed/v1/session') ? sessionToken : tenant.key;
    const caller = row.opens.startsWith('operator') ? engine.adminKey : ownKey;
    for (const query of queries[row.route] ?? ['']) {
      for (const [on, method] of [
        [0, 'GET'],
        [1, 'GET'],
        [1, 'HEAD'],
      ] as const) {
        const answer = await engine.call(`${path.replace('GET', method)}${query}`, caller, undefined, { on });
        const expected = row.writes ? 404 : 200;
        expect([method, row.route, query, answer.status]).toEqual([method, row.route, query, expected]);
      }
    }
  }
  expect(await content()).toEqual(settled);
}, 60_000);

it('a GET that may write says why, and there is one', () => {
  expect(gets.filter(({ writes }) => writes).map(({ route }) => route)).toEqual([
    'GET /v1/receipts/:gateway/:secret',
  ]);
});
