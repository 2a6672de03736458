/* global URLSearchParams */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { binIn, callOf, startByBin, until } from '../proof/support.mjs';

const adminKey = 'a'.repeat(40);
const settings = {
  policy: { maxChecks: 4 },
  purposes: { coupon: { longLived: true, ttlSeconds: 2_592_000, codeLength: 8 } },
};
const scopes = ['verifications:write', 'verifications:read', 'audit:read', 'sandbox:read', 'limits:write'];
const numbers = {
  pending: '+34600000011',
  pendingToo: '+34600000012',
  coupon: '+34600000013',
  couponToo: '+34600000014',
  blocked: '+34600000015',
};
const create = { to: numbers.pending, metadata: { order: '7' } };
const idempotent = { 'idempotency-key': 'order-7' };

/** What the version before has left, in its own words. */
const left = { application: undefined, key: undefined, created: {}, codes: {}, events: [] };
let server;
let call;
let asAdmin;

const ok = ({ status, body }) => {
  assert.ok(status < 300, `${status}: ${JSON.stringify(body)}`);
  return body;
};

const callsOf = (url) => {
  asAdmin = callOf(url, adminKey);
  call = callOf(url, left.key);
};

/** The whole log, as it came in, or what came after an event. */
async function eventsAfter(event) {
  const query = new URLSearchParams({
    order: 'oldest',
    limit: '100',
    ...(event && { afterEvent: event.id }),
  });
  return ok(await call('GET', `/v1/audit/events?${query}`)).data;
}

const events = (all, { id }) =>
  all.filter(({ verificationId, seq }) => verificationId === id && seq !== null);

async function fill() {
  const { id } = ok(await asAdmin('POST', '/v1/applications', { name: 'Shop', settings }));
  const keys = `/v1/applications/${id}/keys`;
  left.key = ok(await asAdmin('POST', keys, { name: 'till', scopes })).key;
  callsOf(server.url);
  ok(
    await call('POST', '/v1/blocks', { list: 'block', kind: 'number', value: numbers.blocked, reason: 'x' }),
  );
  left.created.pending = ok(await call('POST', '/v1/verifications', create, idempotent));
  for (const name of ['pendingToo', 'coupon', 'couponToo']) {
    const purpose = name.startsWith('coupon') && { purpose: 'coupon' };
    left.created[name] = ok(await call('POST', '/v1/verifications', { to: numbers[name], ...purpose }));
  }
  for (const name of Object.keys(left.created))
    left.codes[name] = await until(async () => {
      const query = new URLSearchParams({ to: numbers[name] });
      return ok(await call('GET', `/v1/sandbox/messages?${query}`)).data[0]?.code;
    });
  left.events = await until(async () => {
    const all = await eventsAfter();
    const isWhole = (one) => events(all, one).some(({ type }) => type === 'sent');
    return Object.values(left.created).every(isWhole) && all;
  });
  left.application = ok(await asAdmin('GET', `/v1/applications/${id}`));
}

before(async () => {
  const env = { ADMIN_KEY: adminKey };
  const old = await startByBin({ env, bin: await binIn(process.env.INSTALLED_BEFORE) });
  server = old;
  callsOf(server.url);
  try {
    await fill();
  } finally {
    assert.equal(await old.stop({ keep: true }), 0, old.log());
  }
  server = await startByBin({ env, folder: old.home });
  callsOf(server.url);
});

after(() => server.stop());

test('the application, its settings and its key are there', async () => {
  assert.deepEqual(ok(await asAdmin('GET', `/v1/applications/${left.application.id}`)), left.application);
  ok(await call('GET', '/v1/verifications'));
});

test('the block holds', async () => {
  const { status, body } = await call('POST', '/v1/verifications', { to: numbers.blocked });
  assert.deepEqual([status, body.code], [403, 'number_blocked']);
});

test('a create that is repeated is replayed', async () => {
  const again = await call('POST', '/v1/verifications', create, idempotent);
  assert.deepEqual([again.status, again.headers.get('idempotent-replayed')], [201, 'true']);
  assert.equal(again.body.id, left.created.pending.id);
  const other = await call('POST', '/v1/verifications', { ...create, metadata: {} }, idempotent);
  assert.equal(other.status, 422);
});

test('verifications read as before', async () => {
  for (const { id, expiresAt, metadata, checks } of Object.values(left.created)) {
    const now = ok(await call('GET', `/v1/verifications/${id}`));
    assert.deepEqual([now.status, now.expiresAt, now.metadata], ['pending', expiresAt, metadata]);
    assert.equal(now.checks.max, checks.max);
  }
  assert.equal(left.created.pending.checks.max, 4);
});

test('codes are right by id and by recipient, wrong ones are counted', async () => {
  for (const name of ['pending', 'coupon']) {
    const path = `/v1/verifications/${left.created[name].id}/checks`;
    const code = left.codes[name];
    const wrong = ok(await call('POST', path, { code: code.replace(/^./, (digit) => (digit + 1) % 10) }));
    assert.deepEqual([wrong.valid, wrong.checks.used], [false, 1]);
    assert.equal(ok(await call('POST', path, { code })).valid, true, name);
  }
  for (const [name, purpose] of [['pendingToo'], ['couponToo', 'coupon']]) {
    const body = { to: numbers[name], code: left.codes[name], ...(purpose && { purpose }) };
    const checked = ok(await call('POST', '/v1/checks', body));
    assert.deepEqual([checked.valid, checked.verification.id], [true, left.created[name].id]);
  }
});

test('the audit log goes on where it stopped, without gaps', async () => {
  const newer = await until(async () => {
    const all = await eventsAfter(left.events.at(-1));
    const isOver = (one) => events(all, one).some(({ type }) => type === 'approved');
    return Object.values(left.created).every(isOver) && all;
  });
  const whole = await eventsAfter();
  assert.deepEqual(whole, [...left.events, ...newer]);
  for (const one of Object.values(left.created)) {
    const numbered = events(whole, one).map(({ seq }) => seq);
    assert.deepEqual(
      numbered,
      numbered.map((_, at) => at + 1),
    );
  }
});
