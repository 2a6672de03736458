import { setTimeout as sleep } from 'node:timers/promises';
import {
  asAnotherWriter,
  type Answer,
  type CallOptions,
  newNumber,
  type Tenant,
  until,
  useEngine,
  wordFor,
  wrongCode,
} from '../../support/engine';

const engine = useEngine();
let tenant: Tenant;
beforeAll(async () => {
  tenant = await engine.tenant({
    policy: { cooldownSeconds: 0, sends: { max: 20 }, maxChecks: 10 },
    purposes: { once: { whenPending: 'reject' }, calm: { cooldownSeconds: 30 } },
  });
});

let keys = 0;
const newIdempotencyKey = (): string => `test-key-${keys++}`;
const keyed = (key: string, on = 0): CallOptions => ({ headers: { 'idempotency-key': key }, on });
const isReplay = ({ headers }: Answer): boolean => headers.get('idempotent-replayed') === 'true';

describe('a create with an Idempotency-Key', () => {
  // Catches: a replay that runs the call again, or answers the status of the repeat.
  it('is answered again with the first status, in every process, and sends one text', async () => {
    const to = newNumber();
    const key = newIdempotencyKey();
    const first = await tenant.create({ to }, keyed(key));
    expect([wordFor(first), isReplay(first)]).toEqual(['201', false]);
    const code = await engine.sink.waitForCode(to);
    for (const on of [0, 1]) {
      const again = await tenant.create({ to }, keyed(key, on));
      expect([wordFor(again), isReplay(again), again.body['id']]).toEqual(['201', true, first.body['id']]);
      expect(again.headers.get('location')).toBe(first.headers.get('location'));
    }
    await tenant.check(String(first.body['id']), code);
    const later = await tenant.create({ to }, keyed(key, 1));
    // The first status, and the verification as it is now.
    expect([later.status, later.body['status']]).toEqual([201, 'approved']);
    await sleep(200);
    expect(engine.sink.sentTo(to)).toHaveLength(1);
  });

  it('for another body is refused with 422, on another application it is another key', async () => {
    const to = newNumber();
    const key = newIdempotencyKey();
    await tenant.create({ to }, keyed(key));
    for (const body of [{ to: newNumber() }, { to, purpose: 'login' }, { to, metadata: { a: 'b' } }]) {
      expect(wordFor(await tenant.create(body, keyed(key, 1)))).toBe('422 idempotency_key_reused');
    }
    // The same request in another order of its properties is the same request.
    const again = await tenant.create({ to, ...{} }, keyed(key));
    expect(isReplay(again)).toBe(true);
    const other = await engine.tenant();
    const foreign = await other.create({ to }, keyed(key));
    expect([wordFor(foreign), isReplay(foreign)]).toEqual(['201', false]);
  });

  it('that was refused is not remembered', async () => {
    const to = newNumber();
    const key = newIdempotencyKey();
    await tenant.create({ to, purpose: 'once' });
    const refused = await tenant.create({ to, purpose: 'once' }, keyed(key));
    expect(wordFor(refused)).toBe('409 verification_pending');
    await tenant.call(`POST /v1/verifications/${String(refused.body['verificationId'])}/cancel`);
    const taken = await tenant.create({ to, purpose: 'once' }, keyed(key, 1));
    expect([wordFor(taken), isReplay(taken)]).toEqual(['201', false]);
  });

  async function records(): Promise<Set<string>> {
    const all = await engine.db.collection<{ _id: string }>('idempotency_records').find().toArray();
    return new Set(all.map(({ _id }) => _id));
  }

  /** As if the process had died after the slot was written and before the record was. */
  async function asIfDied(id: string, secondsAgo: number): Promise<void> {
    const set = { state: 'running', response: null, takenAt: new Date(Date.now() - secondsAgo * 1000) };
    await engine.db.collection<{ _id: string }>('idempotency_records').updateOne({ _id: id }, { $set: set });
  }

  // Catches: a take-over under a new operation id, which does everything twice.
  it('that another process is working on is 409; once that is dead, the repeat gets its outcome', async () => {
    const to = newNumber();
    const key = newIdempotencyKey();
    const before = await records();
    const first = await tenant.create({ to }, keyed(key));
    const [record] = [...(await records())].filter((id) => !before.has(id));
    await asIfDied(record!, 5);
    for (const on of [0, 1]) {
      const busy = await tenant.create({ to }, keyed(key, on));
      expect([wordFor(busy), busy.headers.get('retry-after')]).toEqual(['409 idempotency_in_progress', '1']);
    }
    await engine.sink.waitForCode(to);
    await asIfDied(record!, 31);
    const taken = await tenant.create({ to }, keyed(key, 1));
    expect([wordFor(taken), taken.body['id']]).toEqual(['201', first.body['id']]);
    await sleep(200);
    expect(engine.sink.sentTo(to)).toHaveLength(1);
    expect((await tenant.lookup(to)).body).toMatchObject({ sends: { used: 1 } });
  });

  it.each(['', 'a'.repeat(256), 'with space', 'tab\there', 'ümlaut'])(
    'of the form %j is refused, naming the header, unless it is absent',
    async (key) => {
      const to = newNumber();
      const answer = await tenant.create({ to }, keyed(key));
      expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: 'Idempotency-Key' }] } });
      expect((await tenant.lookup(to)).body).toMatchObject({ sends: { used: 0 } });
    },
  );
});

describe('a check with an Idempotency-Key', () => {
  // Catches: a replay that is evaluated again; one that says `valid` from the status of the verification.
  it('is answered again with its own `valid`, and charged once', async () => {
    const { id, code } = await tenant.start();
    const [wrongKey, rightKey] = [newIdempotencyKey(), newIdempotencyKey()];
    const wrong = await tenant.check(id, wrongCode(code), keyed(wrongKey));
    expect(wrong.body).toMatchObject({ valid: false, checks: { used: 1 } });
    const right = await tenant.check(id, code, keyed(rightKey, 1));
    expect(right.body).toMatchObject({ valid: true, checks: { used: 2 } });
    for (const on of [0, 1]) {
      const wrongAgain = await tenant.check(id, wrongCode(code), keyed(wrongKey, on));
      expect([isReplay(wrongAgain), wrongAgain.status]).toEqual([true, 200]);
      expect(wrongAgain.body).toMatchObject({ valid: false, status: 'approved', checks: { used: 2 } });
      const rightAgain = await tenant.check(id, code, keyed(rightKey, on));
      expect([isReplay(rightAgain), rightAgain.body['valid']]).toEqual([true, true]);
    }
    expect(wordFor(await tenant.check(id, code, keyed(newIdempotencyKey())))).toBe(
      '409 verification_approved',
    );
  });

  // Catches: a fingerprint without the code or the verification: a wrong guess that replays a right answer.
  it('cannot borrow the answer of another guess, verification or route', async () => {
    const { id, code, to } = await tenant.start();
    const other = await tenant.start();
    const key = newIdempotencyKey();
    expect((await tenant.check(id, code, keyed(key))).body['valid']).toBe(true);
    expect(wordFor(await tenant.check(id, wrongCode(code), keyed(key)))).toBe('422 idempotency_key_reused');
    expect(wordFor(await tenant.check(other.id, code, keyed(key)))).not.toMatch(/^200/);
    const sameKeyCreate = await tenant.create({ to, purpose: 'login' }, keyed(key));
    expect([wordFor(sameKeyCreate), isReplay(sameKeyCreate)]).toEqual(['201', false]);
    expect((await tenant.read(other.id)).body).toMatchObject({ checks: { used: 0 } });
  });

  it('64 times at once over two processes is one guess', async () => {
    const { id, code } = await tenant.start();
    const key = newIdempotencyKey();
    const answers = await Promise.all(
      Array.from({ length: 64 }, (_, i) => tenant.check(id, code, keyed(key, i % 2))),
    );
    const good = answers.filter(({ status }) => status === 200);
    expect(good.length).toBeGreaterThan(0);
    expect(good.filter(({ body }) => body['valid'] !== true)).toEqual([]);
    const others = answers.filter(({ status }) => status !== 200).map(wordFor);
    expect(new Set(others)).toEqual(new Set(others.length ? ['409 idempotency_in_progress'] : []));
    expect((await tenant.read(id)).body).toMatchObject({ status: 'approved', checks: { used: 1 } });
  });
});

describe('the order of answers', () => {
  interface Row {
    readonly of: string;
    readonly ask: () => Promise<Answer>;
    readonly word: string;
  }

  const purpose = 'once';
  const unknown = 'AAAAAAAAAAAAAAAAAAAAAA';
  const checkPath = (id: string): string => `POST /v1/verifications/${id}/checks`;

  async function narrowKey(): Promise<string> {
    const body = { scopes: ['verifications:read'] };
    return String((await engine.admin(`POST /v1/applications/${tenant.id}/keys`, body)).body['key']);
  }

  async function lock(id: string): Promise<void> {
    const lockedUntil = new Date(Date.now() + 60_000);
    await engine.db
      .collection('slots')
      .updateOne({ ids: id }, { $set: { failures: 11, lockedUntil }, ...asAnotherWriter });
  }

  async function checkRows(): Promise<Row[]> {
    const narrow = await narrowKey();
    const done = await tenant.start({ purpose });
    const used = newIdempotencyKey();
    await tenant.check(done.id, done.code, keyed(used));
    await lock(done.id);
    const held = await tenant.start({ purpose });
    await lock(held.id);
    const reused = { headers: { 'idempotency-key': used } };
    const bad = { code: '1' };
    return [
      { of: '400 before 404', ask: () => tenant.check(unknown, '1'), word: '400 invalid_request' },
      { of: '400 before 409', ask: () => tenant.check(done.id, '1'), word: '400 invalid_request' },
      { of: '400 before 429', ask: () => tenant.check(held.id, '1'), word: '400 invalid_request' },
      {
        of: '400 before the key',
        ask: () => tenant.check(done.id, '1', reused),
        word: '400 invalid_request',
      },
      {
        of: '401 before 404',
        ask: () => engine.call(checkPath(unknown), 'none', { code: '123456' }),
        word: '401 unauthorized',
      },
      {
        of: '403 before 404',
        ask: () => engine.call(checkPath(unknown), narrow, { code: '123456' }),
        word: '403 forbidden',
      },
      {
        of: '400 before 401',
        ask: () => engine.call(checkPath(held.id), 'none', bad),
        word: '400 invalid_request',
      },
      {
        of: '400 before 403',
        ask: () => engine.call(checkPath(held.id), narrow, bad),
        word: '400 invalid_request',
      },
      {
        of: '404 before the key',
        ask: () => tenant.check(unknown, done.code, reused),
        word: '404 verification_not_found',
      },
      { of: 'replay before 409', ask: () => tenant.check(done.id, done.code, keyed(used)), word: '200' },
      {
        of: '422 before 409',
        ask: () => tenant.check(done.id, wrongCode(done.code), keyed(used)),
        word: '422 idempotency_key_reused',
      },
      {
        of: '409 before 429',
        ask: () => tenant.check(done.id, done.code),
        word: '409 verification_approved',
      },
      { of: '429 before 200', ask: () => tenant.check(held.id, held.code), word: '429 recipient_locked' },
    ];
  }

  async function createRows(): Promise<Row[]> {
    const narrow = await narrowKey();
    const pending = await tenant.start({ purpose });
    const used = newIdempotencyKey();
    const first = { to: newNumber(), purpose };
    await tenant.create(first, keyed(used));
    await lock(String((await tenant.create(first, keyed(used))).body['id']));
    await lock(pending.id);
    const calm = await tenant.start({ purpose: 'calm' });
    const route = 'POST /v1/verifications';
    const held = await tenant.start({ purpose: 'calm' });
    await tenant.call(`POST /v1/verifications/${held.id}/cancel`);
    await tenant.call(`POST /v1/verifications/${calm.id}/cancel`);
    await lock(held.id);
    return [
      {
        of: '400 before the key',
        ask: () => tenant.create({ to: '12' }, keyed(used)),
        word: '400 phone_invalid',
      },
      {
        of: '403 before the pending one',
        ask: () => engine.call(route, narrow, { to: pending.to, purpose }),
        word: '403 forbidden',
      },
      { of: 'replay before 409', ask: () => tenant.create(first, keyed(used)), word: '201' },
      {
        of: '422 before 409',
        ask: () => tenant.create({ ...first, locale: 'es' }, keyed(used)),
        word: '422 idempotency_key_reused',
      },
      {
        of: '409 before 429',
        ask: () => tenant.create({ to: pending.to, purpose }),
        word: '409 verification_pending',
      },
      {
        of: 'locked before the cool-down',
        ask: () => tenant.create({ to: held.to, purpose: 'calm' }),
        word: '429 recipient_locked',
      },
      {
        of: 'the cool-down',
        ask: () => tenant.create({ to: calm.to, purpose: 'calm' }),
        word: '429 resend_too_soon',
      },
    ];
  }

  it.each([
    ['check', checkRows],
    ['create', createRows],
  ])('of a %s is always the same', async (_call, rows) => {
    for (const { of, ask, word } of await rows()) expect([of, wordFor(await ask())]).toEqual([of, word]);
  });

  it('a refused call is told about in the log of the application', async () => {
    const { id, code } = await tenant.start();
    await tenant.check(id, code);
    await tenant.check(id, code);
    const denied = await until(async () => {
      const { body } = await tenant.call(`GET /v1/audit/events?verificationId=${id}&type=access_denied`);
      const [event] = body['data'] as { data: object }[];
      return event ?? null;
    });
    expect(denied).toMatchObject({ data: { rule: 'verification_approved' } });
  });
});
