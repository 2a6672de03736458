/**
 * R17. Several codes of one recipient live at once, and nobody can say which counts: each is a guess more for the
 * attacker, and people type the one that was just replaced. Seen in better-auth (#388, #11105, #11182).
 *
 * Catches: two slots or two codes for one recipient; a limit of sends that is read before it is counted; a create that
 * ends the live code before it knows that it may send.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { noLimits } from '../builders/limits';
import type { VerificationRecord } from '../../src/otp/slots/slot';
import { type Answer, newNumber, tally, type Tenant, until, wordFor } from '../support/engine';
import { codeIn } from '../support/gateway-sink';
import { useSharedEngine } from '../support/shared-engine';

const engine = useSharedEngine();

describe('100 creates at once for one number over two processes', () => {
  interface Outcome {
    readonly words: Record<string, number>;
    readonly to: string;
    readonly ids: string[];
    readonly answers: Answer[];
  }

  async function flood(policy: object): Promise<Outcome & { tenant: Tenant }> {
    // Its limits would answer some of the flood before the slot does, which is what is tested here.
    const tenant = await engine.tenant({ policy, limits: noLimits });
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

describe('a code that was asked for again', () => {
  it.each([
    ['resend', true],
    ['replace', false],
  ])('%s: the old text %s works', async (whenPending, oldWorks) => {
    const tenant = await engine.tenant({ policy: { whenPending, cooldownSeconds: 0 } });
    const first = await tenant.start();
    const again = await tenant.create({ to: first.to }, { on: 1 });
    const code = await engine.sink.waitForCode(first.to, 2);
    const id = String(again.body['id']);
    expect([id === first.id, code === first.code]).toEqual([oldWorks, oldWorks]);
    if (!oldWorks) {
      expect(wordFor(await tenant.check(first.id, first.code))).toBe('409 verification_superseded');
      expect((await tenant.check(id, first.code)).body['valid']).toBe(false);
    }
    expect((await tenant.check(id, code)).body['valid']).toBe(true);
  });
});
