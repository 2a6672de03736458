import { verificationsWorld as setup } from '../../../../test/support/verifications-world';
import type { DomainError } from '../../../common/errors';
import type { Gate, RuleDecision, SendCall } from '../../../limits/gate';

const to = '+41791234567';
const decision = (rule: string, outcome: RuleDecision['outcome']): RuleDecision => ({
  rule,
  outcome,
  value: 1,
  limit: 5,
  until: null,
});

/** A gate that previews as told; entered, it would do harm. */
function aGate(said: readonly RuleDecision[], notes?: ReturnType<NonNullable<Gate['previewNotes']>>) {
  const seen: SendCall[] = [];
  const gate: Gate & { readonly seen: SendCall[] } = {
    seen,
    preview: (call) => (seen.push(call), said),
    ...(notes && { previewNotes: () => notes }),
    enter: () => {
      throw new Error('it was entered');
    },
  };
  return gate;
}

describe('a preview', () => {
  it('has what every rule says, in their order, also behind one that refuses', async () => {
    const first = aGate([decision('blocks.number', 'refused')]);
    const second = aGate([decision('limits.number', 'allowed'), decision('limits.ip', 'skipped')]);
    const { otp } = setup({ gates: [first, second] });
    const { allowed, decisions } = await otp.preview({ to, clientIp: '192.0.2.1', deviceId: 'd' });
    expect(allowed).toBe(false);
    expect(decisions.map(({ rule, outcome }) => `${rule} ${outcome}`)).toEqual([
      'blocks.number refused',
      'limits.number allowed',
      'limits.ip skipped',
      'recipient.start allowed',
    ]);
    expect(first.seen).toMatchObject([{ number: to, kind: 'create', clientIp: '192.0.2.1', deviceId: 'd' }]);
  });

  // Catches: a preview of the guard that does not know of the allow list, and refuses what a create would send.
  it('tells each gate what those before it say', async () => {
    const second = aGate([]);
    const { otp } = setup({ gates: [aGate([], { isAllowListed: true }), second] });
    await otp.preview({ to });
    expect(second.seen).toMatchObject([{ isAllowListed: true }]);
  });

  it.each(['refused', 'challenged'] as const)('is not allowed where a rule says %s', async (outcome) => {
    const { otp } = setup({ gates: [aGate([decision('x', outcome)])] });
    expect((await otp.preview({ to })).allowed).toBe(false);
  });

  it.each(['shadow', 'skipped', 'allowed'] as const)('is allowed where a rule says %s', async (outcome) => {
    const { otp } = setup({ gates: [aGate([decision('x', outcome)])] });
    expect((await otp.preview({ to })).allowed).toBe(true);
  });

  // Catches: a slot, a text, a purpose or an event that it leaves behind.
  it('has no effect, however often it is asked', async () => {
    const { otp, slots, sms, purposes, refusals } = setup({ settings: { allowedCountries: ['CH'] } });
    for (let i = 0; i < 10; i++) await otp.preview({ to, purpose: 'new' });
    await otp.preview({ to: '+34600123456' });
    expect([slots.stored.size, sms.codes, purposes, refusals]).toEqual([0, [], [], []]);
    await expect(otp.start({ to, purpose: 'new' })).resolves.toMatchObject({ outcome: 'started' });
    const before = JSON.stringify([...slots.stored]);
    await otp.preview({ to, purpose: 'new' });
    expect(JSON.stringify([...slots.stored])).toBe(before);
  });

  it("says what the recipient's own state would answer, as a create then does", async () => {
    const { otp, slots, sms } = setup({ settings: { policy: { sends: { max: 2 }, cooldownSeconds: 30 } } });
    const next = async () => {
      const { allowed, decisions } = await otp.preview({ to });
      const { rule, because, until } = decisions.at(-1)!;
      return { allowed, said: `${rule} ${because}`, until };
    };
    const created = () =>
      otp.start({ to }).then(
        ({ outcome }) => outcome,
        (error: unknown) => (error as DomainError).code,
      );
    expect([await next(), await created()]).toMatchObject([
      { allowed: true, said: 'recipient.start started' },
      'started',
    ]);
    expect([await next(), await created()]).toMatchObject([
      { allowed: true, said: 'recipient.cooldown joined_quietly' },
      'quiet',
    ]);
    slots.pass(31_000);
    expect([await next(), await created()]).toMatchObject([
      { allowed: true, said: 'recipient.pending joined' },
      'joined',
    ]);
    slots.pass(31_000);
    const until = expect.any(Date) as Date;
    expect([await next(), await created()]).toMatchObject([
      { allowed: false, said: 'recipient.sends send_limit', until },
      'send_limit_reached',
    ]);
    const { verificationId } = await otp.start({ to }).then(
      () => ({ verificationId: '' }),
      (error: unknown) => ({ verificationId: (error as DomainError).details.verificationId ?? '' }),
    );
    await otp.check(verificationId, sms.lastCode());
    expect([await next(), await created()]).toMatchObject([
      { allowed: true, said: 'recipient.start started' },
      'started',
    ]);
  });

  it.each([
    [{ allowedCountries: ['ES'] }, to, 'numbers.country'],
    [{}, '+41442345678', 'numbers.type'],
  ])('stops at a number that may not be texted: with %j and %s it is %s', async (settings, number, rule) => {
    const gate = aGate([decision('x', 'allowed')]);
    const { otp } = setup({ settings, gates: [gate] });
    await expect(otp.preview({ to: number })).resolves.toMatchObject({
      allowed: false,
      decisions: [{ rule, outcome: 'refused', until: null }],
    });
    expect(gate.seen).toEqual([]);
  });

  it('of a test number asks no gate', async () => {
    const gate = aGate([decision('x', 'refused')]);
    const { otp } = setup({ settings: { testNumbers: [{ to, code: '424242' }] }, gates: [gate] });
    await expect(otp.preview({ to })).resolves.toMatchObject({
      allowed: true,
      decisions: [{ rule: 'numbers.test' }, { rule: 'recipient.start' }],
    });
  });

  it('of a call that is wrong is the error that the create would be', async () => {
    const { otp } = setup({ settings: { purposes: Object.fromEntries(many(20).map((name) => [name, {}])) } });
    await expect(otp.preview({ to: '+4179' })).rejects.toMatchObject({ code: 'phone_invalid' });
    await expect(otp.preview({ to, channel: 'voice' })).rejects.toMatchObject({ code: 'invalid_request' });
    await expect(otp.preview({ to, purpose: 'one_more' })).rejects.toMatchObject({
      code: 'invalid_request',
      details: { errors: [{ path: 'purpose' }] },
    });
    await expect(otp.preview({ to, purpose: 'p3' })).resolves.toMatchObject({ allowed: true });
  });
});

const many = (count: number): string[] => Array.from({ length: count }, (_, n) => `p${n}`);
