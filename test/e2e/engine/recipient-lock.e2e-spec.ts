import {
  asAnotherWriter,
  type Answer,
  newNumber,
  type Tenant,
  useEngine,
  wordFor,
  wrongCode,
} from '../../support/engine';

const engine = useEngine();
const policy = { cooldownSeconds: 0, sends: { max: 100, windowSeconds: 600 }, maxChecks: 10 };

let tenant: Tenant;
let to: string;
beforeAll(async () => {
  tenant = await engine.tenant({ policy, purposes: { replacing: { whenPending: 'replace' } } });
});
beforeEach(() => (to = newNumber()));

/** Process by turns, so that nothing may depend on the memory of one. */
let turn = 0;
const next = (): { on: number } => ({ on: turn++ % 2 });

async function failures(purpose?: string): Promise<unknown> {
  return (await tenant.lookup(to, purpose, next())).body['failures'];
}

async function wrong(id: string, code: string, times: number): Promise<void> {
  for (let n = 1; n <= times; n++) {
    const answer = await tenant.check(id, wrongCode(code, n), next());
    expect([wordFor(answer), answer.body['valid']]).toEqual(['200', false]);
  }
}

/** As if the recipient had failed `count` times in a row. */
async function setFailures(id: string, count: number): Promise<void> {
  await engine.db
    .collection('slots')
    .updateOne({ ids: id }, { $set: { failures: count }, ...asAnotherWriter });
}

function expectLocked(answer: Answer, seconds: number): void {
  expect(wordFor(answer)).toBe('429 recipient_locked');
  const until = Date.parse(String(answer.body['lockedUntil']));
  expect((until - Date.now()) / 1000).toBeGreaterThan(seconds - 10);
  expect((until - Date.now()) / 1000).toBeLessThanOrEqual(seconds);
  const retryAfter = Number(answer.headers.get('retry-after'));
  expect(retryAfter).toBeGreaterThan(seconds - 10);
  expect(retryAfter).toBeLessThanOrEqual(seconds);
}

describe('wrong guesses of a recipient', () => {
  it('that were refused as malformed, or came for another application, do not count', async () => {
    const started = await tenant.start({ to });
    const other = await engine.tenant();
    for (const code of ['', '123', '12345678901', 'abc!']) {
      expect((await tenant.check(started.id, code)).status).toBe(400);
    }
    expect((await other.check(started.id, wrongCode(started.code))).status).toBe(404);
    expect((await tenant.read(started.id)).body).toMatchObject({ checks: { used: 0 } });
    expect(await failures()).toBe(0);
  });
});

describe('the lock of a recipient', () => {
  // Catches: a lock that create, sends or the other process does not know of; one that GET or cancel minds.
  it('begins with the tenth failure: create, sends and checks are refused everywhere; GET and cancel work', async () => {
    const first = await tenant.start({ to });
    await wrong(first.id, first.code, 9);
    expect((await tenant.call(`POST /v1/verifications/${first.id}/cancel`)).status).toBe(200);
    const second = await tenant.start({ to });
    await wrong(second.id, second.code, 1);

    const texts = engine.sink.sentTo(to).length;
    for (const on of [0, 1]) {
      expectLocked(await tenant.check(second.id, second.code, { on }), 30);
      expectLocked(await tenant.create({ to }, { on }), 30);
      expectLocked(await tenant.call(`POST /v1/verifications/${second.id}/sends`, {}, { on }), 30);
    }
    expect((await tenant.read(second.id)).body).toMatchObject({ status: 'pending', checks: { used: 1 } });
    expect((await tenant.lookup(to)).body).toMatchObject({ failures: 10, lockedUntil: expect.any(String) });
    const cancel = await tenant.call(`POST /v1/verifications/${second.id}/cancel`);
    expect(cancel.body).toMatchObject({ status: 'canceled' });
    expectLocked(await tenant.create({ to }), 30);
    expect(engine.sink.sentTo(to)).toHaveLength(texts);
  });

  // Catches: a lock of one length for all; a ladder that a right code cannot end or that never ends.
  it.each([
    [10, 30],
    [11, 60],
    [13, 240],
    [16, 1920],
    [17, 3600],
    [99, 3600],
  ])('after failure %i lasts %i s', async (count, seconds) => {
    const started = await tenant.start({ to });
    await setFailures(started.id, count - 1);
    await wrong(started.id, started.code, 1);
    expectLocked(await tenant.check(started.id, started.code, next()), seconds);
    expect((await tenant.lookup(to)).body).toMatchObject({ failures: count });
  });

  it('after failure 100 has no end but an unlock, which forgives everything', async () => {
    const started = await tenant.start({ to });
    await setFailures(started.id, 99);
    await wrong(started.id, started.code, 1);
    for (const on of [0, 1]) {
      const answer = await tenant.check(started.id, started.code, { on });
      expect([wordFor(answer), answer.body['lockedUntil'], answer.headers.get('retry-after')]).toEqual([
        '429 recipient_locked',
        null,
        '3600',
      ]);
    }
    expect((await tenant.call('POST /v1/recipients/unlock', { to })).status).toBe(204);
    expect(await failures()).toBe(0);
    expect((await tenant.check(started.id, started.code, next())).body['valid']).toBe(true);
  });

  it('refuses a device that is no name', async () => {
    for (const deviceId of ['', 'x'.repeat(129), 'a\nb']) {
      const answer = await tenant.create({ to, deviceId });
      expect([wordFor(answer), JSON.stringify(answer.body['errors'])]).toEqual([
        '400 invalid_request',
        expect.stringContaining('deviceId'),
      ]);
    }
  });
});
