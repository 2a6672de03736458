import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { AUDIT_EVENTS } from '../../src/audit/audit.schema';
import { TestReplicaSet } from '../support/replica-set';
import { FaultClient, type Request } from './fault-client';
import { FaultWorld, type Incarnation } from './fault-world';
import { SeededRandom } from './seeded-random';

/** The promise is 10 s; the rest is for a busy machine. */
const ANSWER_LIMIT_MS = 10_500;
const PATIENCE_MS = 45_000;

interface Measured {
  readonly call: string;
  readonly status: number;
  readonly tookMs: number;
}

/**
 * Seen to fail without the deadline of group commit (`deadlineMs`): the calls then wait for the time-outs of the
 * driver, one after the other.
 */
describe('mongod stands still (SIGSTOP): its connections stay open and nothing answers', () => {
  let set: TestReplicaSet;
  let world: FaultWorld;
  let north: Incarnation;
  let client: FaultClient;
  let numbers = 0;

  beforeAll(async () => {
    set = await TestReplicaSet.start(1);
    world = await FaultWorld.open(set.uri('paused'));
    north = await world.start('north', set.uri('paused'));
    client = new FaultClient([north.app.url], world.apiKey, new SeededRandom(1));
    await world.allowManySends(north.app);
  }, 60_000);
  afterAll(async () => {
    await world.close();
    await set.stop();
  });

  const newNumber = (): string => `+346${String(30_000_000 + numbers++)}`;
  const created = async (): Promise<{ id: string; code: string }> => {
    const to = newNumber();
    const told = await client.once({ method: 'POST', path: '/v1/verifications', body: { to } });
    return { id: told!.body.id!, code: await world.sink.waitForCode(to) };
  };
  const check = (id: string, code: string, key: string = randomUUID()): Request => ({
    method: 'POST',
    path: `/v1/verifications/${id}/checks`,
    body: { code },
    idempotencyKey: key,
  });
  const wrong = (code: string): string => (code === '000000' ? '000001' : '000000');

  const measure = async (call: string, extra: Record<string, string>, body?: unknown): Promise<Measured> => {
    const [method = '', path = ''] = call.split(' ');
    const started = performance.now();
    const response = await fetch(north.app.url + path, {
      method,
      headers: {
        authorization: `Bearer ${path.startsWith('/v1/applications') ? world.adminKey : world.apiKey}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...extra,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(60_000),
    });
    await response.text();
    return { call, status: response.status, tookMs: performance.now() - started };
  };

  const everyCall = (id: string, keyed: { check: Request; create: Request }): Promise<Measured[]> => {
    const one = `/v1/verifications/${id}`;
    const key = (request: Request) => ({ 'idempotency-key': request.idempotencyKey! });
    const calls: [string, Record<string, string>, unknown?][] = [
      ['POST /v1/verifications', key(keyed.create), keyed.create.body],
      ['POST /v1/verifications', {}, { to: newNumber() }],
      ['POST /v1/verifications', { prefer: 'wait=10' }, { to: newNumber() }],
      [`POST ${keyed.check.path}`, key(keyed.check), keyed.check.body],
      [`POST ${one}/checks`, {}, { code: '123123' }],
      [`POST ${one}/sends`, {}, {}],
      [`POST ${one}/cancel`, {}],
      [`GET ${one}`, {}],
      ['GET /v1/verifications', {}],
      ['GET /v1/verifications?to=%2B34630000000', {}],
      ['POST /v1/phone-numbers/validate', {}, { number: '+34630000000' }],
      ['POST /v1/recipients/lookup', {}, { to: '+34630000000' }],
      ['POST /v1/recipients/unlock', {}, { to: '+34630000000' }],
      ['GET /v1/audit/events', {}],
      ['GET /v1/applications', {}],
      ['GET /v1/applications/default', {}],
      ['POST /v1/applications', {}, { name: 'another' }],
      ['GET /v1/applications/default/keys', {}],
      ['POST /v1/applications/default/keys', {}, { name: 'a', scopes: ['audit:read'] }],
      ['POST /v1/verifications', { authorization: 'Bearer unknown-key' }, { to: newNumber() }],
      ['GET /health/ready', {}],
    ];
    return Promise.all(calls.map(([call, headers, body]) => measure(call, headers, body)));
  };

  it('every call is answered within 10 s, and afterwards everything that was acknowledged is there', async () => {
    const [approved, guessed, open, canceled] = [
      await created(),
      await created(),
      await created(),
      await created(),
    ];
    await client.once(check(approved.id, approved.code));
    await client.once(check(guessed.id, wrong(guessed.code)));
    const keyed = {
      check: check(open.id, open.code),
      create: {
        method: 'POST',
        path: '/v1/verifications',
        body: { to: newNumber() },
        idempotencyKey: randomUUID(),
      },
    } as const;

    const port = await set.pause();
    const atOnce = everyCall(canceled.id, keyed);
    // By now keys are not trusted from memory any more, and connections are used up.
    await sleep(5_000);
    const later = everyCall(canceled.id, keyed);
    const measured = [...(await atOnce), ...(await later)];
    set.resume(port);

    const slow = measured.filter(({ tookMs }) => tookMs > ANSWER_LIMIT_MS);
    expect(slow).toEqual([]);
    const slowest = measured.reduce((a, b) => (a.tookMs > b.tookMs ? a : b));
    console.log('slowest answer', slowest);
    // Never refused wrongly: what needs the database is 503 (409 only for a repeated key).
    const others = measured.filter(({ status }) => status !== 503);
    const fine = [
      'POST /v1/phone-numbers/validate 200',
      `POST ${keyed.check.path} 409`,
      'POST /v1/verifications 409',
    ];
    expect(
      others.map(({ call, status }) => `${call} ${status}`).filter((one) => !fine.includes(one)),
    ).toEqual([]);

    await north.app.ready();
    const read = async (id: string) =>
      (await client.untilTold({ method: 'GET', path: `/v1/verifications/${id}` }, PATIENCE_MS))!.body;
    expect(await read(approved.id)).toMatchObject({ status: 'approved', checks: { used: 1 } });
    expect(await read(guessed.id)).toMatchObject({ status: 'pending', checks: { used: 1 } });

    const told = await client.untilTold(keyed.check, PATIENCE_MS);
    expect(told).toMatchObject({ status: 200, body: { valid: true, checks: { used: 1 } } });
    const made = await client.untilTold(keyed.create, PATIENCE_MS);
    expect(made).toMatchObject({ status: 201, body: { status: 'pending' } });
    expect((await client.untilTold(keyed.create, PATIENCE_MS))!.body.id).toBe(made!.body.id);
    await sleep(2_000);
    const approvals = { verificationId: open.id, type: 'approved' };
    expect(await world.db.collection(AUDIT_EVENTS).countDocuments(approvals)).toBe(1);
    expect(client.surprises).toEqual([]);
  }, 150_000);
});
