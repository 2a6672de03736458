import { setTimeout as sleep } from 'node:timers/promises';
import type { VerificationRecord } from '../../../src/otp/slots/slot';
import {
  type Answer,
  newNumber,
  type Started,
  tally,
  type Tenant,
  until,
  useEngine,
  wordFor,
  wrongCode,
} from '../../support/engine';
import { codeIn } from '../../support/gateway-sink';

const engine = useEngine();

const unlimited = { cooldownSeconds: 0, sends: { max: 100, windowSeconds: 600 } };

/** The same number of guesses in each process, all under way at once. */
function guess(tenant: Tenant, { id }: Started, codes: readonly string[]): Promise<Answer[]> {
  return Promise.all(codes.map((code, i) => tenant.check(id, code, { on: i % 2 })));
}

const isValid = ({ body }: Answer): boolean => body['valid'] === true;

/** Types of the events of a verification, once the log has them. */
async function events(tenant: Tenant, id: string, last: string): Promise<string[]> {
  return until(async () => {
    const { body } = await tenant.call(`GET /v1/audit/events?verificationId=${id}&limit=100`);
    const types = (body['data'] as { type: string }[]).map(({ type }) => type);
    return types.includes(last) && types;
  });
}

describe('guesses at once over two processes', () => {
  let tenant: Tenant;
  beforeAll(async () => {
    tenant = await engine.tenant({
      policy: unlimited,
      purposes: { five: { maxChecks: 5 }, ten: { maxChecks: 10 } },
    });
  });

  // Catches: counting and comparing in two steps; a limit that is checked before the write instead of in it.
  it('of 200 wrong ones exactly as many as the limit are evaluated, and the right code is refused after', async () => {
    const started = await tenant.start({ purpose: 'five' });
    const codes = Array.from({ length: 200 }, (_, i) => wrongCode(started.code, i + 1));
    const answers = await guess(tenant, started, codes);
    expect(tally(answers.map(wordFor))).toEqual({ '200': 5, '409 verification_failed': 195 });
    expect(answers.filter(isValid)).toEqual([]);
    for (const on of [0, 1]) {
      expect(wordFor(await tenant.check(started.id, started.code, { on }))).toBe('409 verification_failed');
    }
    expect((await tenant.read(started.id)).body).toMatchObject({
      status: 'failed',
      checks: { used: 5, max: 5 },
    });
    expect((await tenant.lookup(started.to, 'five')).body).toMatchObject({ failures: 5 });
    const types = tally(await events(tenant, started.id, 'failed'));
    expect(types).toMatchObject({ created: 1, check_failed: 5, failed: 1 });
  });

  // Catches: comparing first and marking as used after; approving without looking at the status.
  it('of 64 right ones exactly one is approved, with one event', async () => {
    const rounds: Started[] = [];
    for (let round = 0; round < 3; round++) {
      const started = await tenant.start({ purpose: 'five' });
      rounds.push(started);
      const answers = await guess(tenant, started, Array<string>(64).fill(started.code));
      expect(tally(answers.map(wordFor))).toEqual({ '200': 1, '409 verification_approved': 63 });
      expect(answers.filter(isValid)).toHaveLength(1);
    }
    // The log is shown three seconds late: it is waited for once.
    for (const logged of await Promise.all(rounds.map(({ id }) => events(tenant, id, 'approved')))) {
      const types = tally(logged);
      expect(types).toMatchObject({ created: 1, approved: 1 });
      expect(types).not.toHaveProperty('check_failed');
    }
  });

  // Catches: a wrong guess that takes the verification away for a moment, or is charged twice.
  it.each([
    ['five', 4],
    ['ten', 9],
  ])('a right one wins among the wrong ones that the limit of %s leaves', async (purpose, wrong) => {
    const rounds = Array.from({ length: 30 }, async (_, round) => {
      await sleep(round * 15);
      const started = await tenant.start({ purpose });
      const codes = Array.from({ length: wrong }, (_one, i) => wrongCode(started.code, i + 1));
      codes.splice(round % (wrong + 1), 0, started.code);
      const answers = await guess(tenant, started, codes);
      const right = answers[round % (wrong + 1)]!;
      expect({ round, word: wordFor(right), valid: right.body['valid'] }).toEqual({
        round,
        word: '200',
        valid: true,
      });
      expect(answers.filter(isValid)).toHaveLength(1);
      expect((await tenant.lookup(started.to, purpose)).body).toMatchObject({ failures: 0 });
    });
    await Promise.all(rounds);
  });
});

describe('100 creates at once for one number over two processes', () => {
  interface Outcome {
    readonly words: Record<string, number>;
    readonly to: string;
    readonly ids: string[];
    readonly answers: Answer[];
  }

  async function flood(policy: object): Promise<Outcome & { tenant: Tenant }> {
    const tenant = await engine.tenant({ policy });
    const to = newNumber();
    // Both processes know the key before the race.
    await Promise.all([0, 1].map((on) => tenant.lookup(to, undefined, { on })));
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, i) => tenant.create({ to }, { on: i % 2 })),
    );
    const ids = answers.filter(({ status }) => status < 300).map(({ body }) => String(body['id']));
    return { tenant, to, answers, ids, words: tally(answers.map(wordFor)) };
  }

  /** Waits for the texts, and some more time for texts that should not be. */
  async function texts(to: string, count: number): Promise<string[]> {
    await engine.sink.waitForCode(to, count);
    await sleep(300);
    expect(engine.sink.sentTo(to)).toHaveLength(count);
    return engine.sink.sentTo(to).map(({ text }) => codeIn(text));
  }

  async function live(tenant: Tenant): Promise<VerificationRecord[]> {
    const slots = await engine.db.collection('slots').find({ applicationId: tenant.id }).toArray();
    expect(slots).toHaveLength(1);
    const all = [slots[0]!['current'], ...slots[0]!['past']] as VerificationRecord[];
    const withCode = all.filter((one) => one.status === 'pending' || 'mac' in one || 'sealed' in one);
    expect(withCode).toHaveLength(1);
    return withCode;
  }

  // Catches: two slots or two codes for one recipient; a send limit that is read before it is counted.
  it('resend: one code, one new verification, joins up to the limit of sends', async () => {
    const { tenant, to, ids, words } = await flood({
      whenPending: 'resend',
      cooldownSeconds: 0,
      sends: { max: 5 },
    });
    expect(words).toEqual({ '201': 1, '200': 4, '429 send_limit_reached': 95 });
    expect(new Set(ids).size).toBe(1);
    const codes = await texts(to, 5);
    expect(new Set(codes).size).toBe(1);
    await live(tenant);
    expect((await tenant.check(ids[0]!, codes[0]!)).body['valid']).toBe(true);
  });

  it('resend within the cool-down: everybody gets the same verification and one text goes out', async () => {
    const { tenant, to, ids, words } = await flood({ whenPending: 'resend', cooldownSeconds: 30 });
    expect(words).toEqual({ '201': 1, '200': 99 });
    expect(new Set(ids).size).toBe(1);
    const [code] = await texts(to, 1);
    expect((await tenant.check(ids[0]!, code!)).body['valid']).toBe(true);
  });

  // Catches: a create that ends the live code before it knows that it may send (as many codes as creates).
  it('replace: as many codes as sends are allowed, of which only the last works', async () => {
    const rules = { whenPending: 'replace', cooldownSeconds: 0, sends: { max: 5 } };
    const { tenant, to, ids, words } = await flood(rules);
    expect(words).toEqual({ '201': 5, '429 send_limit_reached': 95 });
    const [{ id } = { id: '' }] = await live(tenant);
    const { body } = await tenant.read(id);
    const [delivery] = body['deliveries'] as { id: string }[];
    const text = await until(
      async () => engine.sink.sentTo(to).find((one) => one.id === delivery!.id) ?? null,
    );
    await sleep(300);
    // One that was replaced before its text left is not texted any more.
    const codes = engine.sink.sentTo(to).map((one) => codeIn(one.text));
    expect(codes.length).toBeLessThanOrEqual(5);
    for (const old of ids.filter((one) => one !== id)) {
      const words = await Promise.all(codes.map(async (code) => wordFor(await tenant.check(old, code))));
      expect(new Set(words)).toEqual(new Set(['409 verification_superseded']));
    }
    expect((await tenant.check(id, codeIn(text.text))).body['valid']).toBe(true);
  });

  it.each([
    ['replace', { cooldownSeconds: 30 }, '429 resend_too_soon'],
    ['reject', { cooldownSeconds: 0 }, '409 verification_pending'],
  ])('%s: one is taken, and the 99 refused leave its code working', async (whenPending, more, refusal) => {
    const { tenant, to, ids, answers, words } = await flood({ whenPending, ...more });
    expect(words).toEqual({ '201': 1, [refusal]: 99 });
    const [code] = await texts(to, 1);
    if (whenPending === 'reject') {
      const named = answers.filter(({ status }) => status === 409).map(({ body }) => body['verificationId']);
      expect(new Set(named)).toEqual(new Set(ids));
    }
    expect((await tenant.check(ids[0]!, code!)).body['valid']).toBe(true);
  });
});
