import { verificationsWorld } from '../../../../test/support/verifications-world';
import { DomainError, unavailable } from '../../../common/errors';
import type { Gate, Passage, RuleDecision, SendCall } from '../../../limits/gate';

const to = '+41791234567';

const decision = (change: Partial<RuleDecision> = {}): RuleDecision => ({
  rule: 'limits.number',
  outcome: 'allowed',
  value: 1,
  limit: 5,
  until: null,
  ...change,
});

/** A gate that does what it is told, and remembers who came by and what it gave back. */
function aGate(passage: Partial<Passage> | (() => never) = {}) {
  const seen: SendCall[] = [];
  const gate = {
    seen,
    undone: 0,
    preview: () => [decision()],
    enter(call: SendCall): Passage {
      seen.push(call);
      if (typeof passage === 'function') return passage();
      return { decisions: [decision()], refusal: null, undo: () => (gate.undone += 1), ...passage };
    },
  } satisfies Gate & Record<string, unknown>;
  return gate;
}

const until = new Date(Date.UTC(2026, 0, 1));
const limited: Partial<Passage> = {
  decisions: [decision({ outcome: 'refused', value: 5, until })],
  refusal: new DomainError('limit_reached', { rule: 'number' }),
};
const blocked: Partial<Passage> = { refusal: new DomainError('number_blocked') };

describe('a send', () => {
  it('passes the gates in their order, and each hears what those before it said', async () => {
    const first = aGate({ notes: { isAllowListed: true } });
    const second = aGate();
    const { otp, sms } = verificationsWorld({ gates: [first, second] });
    await otp.start({ to, clientIp: '192.0.2.1' });
    expect(sms.lastCode()).toMatch(/^\d{6}$/);
    expect(first.seen).toEqual([
      expect.objectContaining({ number: to, kind: 'create', clientIp: '192.0.2.1' }),
    ]);
    expect(second.seen).toEqual([expect.objectContaining({ isAllowListed: true })]);
    expect([first.undone, second.undone]).toEqual([0, 0]);
  });

  // Catches: a gate after the one that refused is charged, or one before it keeps its charge.
  it('stops at the first refusal; what was charged before is given back once, and nothing is sent', async () => {
    const [first, third] = [aGate(), aGate()];
    const { otp, sms, slots, refusals } = verificationsWorld({ gates: [first, aGate(limited), third] });
    await expect(otp.start({ to })).rejects.toMatchObject({
      code: 'limit_reached',
      details: { rule: 'number' },
    });
    expect([first.undone, third.seen.length, slots.stored.size]).toEqual([1, 0, 0]);
    expect(sms.lastCode()).toBe('none was sent');
    expect(refusals).toEqual([
      expect.objectContaining({
        rule: 'limits.number',
        to: '+41*******67',
        details: {
          code: 'limit_reached',
          outcome: 'refused',
          value: 5,
          limit: 5,
          until: until.toISOString(),
        },
      }),
    ]);
  });

  it('gives back when a gate cannot say', async () => {
    const first = aGate();
    const broken = aGate(() => {
      throw unavailable('down');
    });
    const { otp } = verificationsWorld({ gates: [first, broken] });
    await expect(otp.start({ to })).rejects.toMatchObject({ code: 'unavailable' });
    expect(first.undone).toBe(1);
  });

  // Catches: a refused or quiet create that stays charged.
  it('gives back what was charged for a create that sends nothing', async () => {
    const gate = aGate();
    const { otp } = verificationsWorld({ gates: [gate] });
    await otp.start({ to });
    await expect(otp.start({ to })).resolves.toMatchObject({ outcome: 'quiet' });
    expect([gate.seen.length, gate.undone]).toEqual([2, 1]);
  });

  it('that a limit refuses still hears first what its slot says without sending', async () => {
    const gates: Gate[] = [];
    const { otp } = verificationsWorld({ gates });
    const { id } = await otp.start({ to });
    gates.push(aGate(limited));
    await expect(otp.start({ to })).resolves.toMatchObject({ outcome: 'quiet', id });
    await expect(otp.send(id)).rejects.toMatchObject({ code: 'resend_too_soon' });
    await otp.cancel(id);
    await expect(otp.send(id)).rejects.toMatchObject({ code: 'verification_canceled' });
  });

  it('that is blocked hears nothing else', async () => {
    const gates: Gate[] = [];
    const { otp } = verificationsWorld({ gates });
    const { id } = await otp.start({ to });
    gates.push(aGate(blocked));
    await expect(otp.start({ to })).rejects.toMatchObject({ code: 'number_blocked' });
    await expect(otp.send(id)).rejects.toMatchObject({ code: 'number_blocked' });
  });

  it('of a test number passes by them all', async () => {
    const gate = aGate(blocked);
    const settings = { testNumbers: [{ to, code: '424242' }] };
    const { otp } = verificationsWorld({ gates: [gate], settings });
    await expect(otp.start({ to })).resolves.toMatchObject({ test: true });
    expect(gate.seen).toEqual([]);
  });
});
