import type { Channel } from '../../common/channel';
import { newId } from '../../common/ids';
import type { AttemptRecord, DeliveryRecord } from '../slots/slot';
import { followPlan, type FollowQuestion, type NextDelivery } from './follow-plan';

const attempt = (provider: string): AttemptRecord => ({
  provider,
  outcome: 'accepted',
  reason: null,
  vendorCode: null,
  latencyMs: 1,
  reference: null,
  parts: 1,
  estimate: null,
  price: null,
});

const delivery = (providers: string[], more: Partial<DeliveryRecord> = {}): DeliveryRecord => ({
  id: newId(),
  channel: 'sms',
  state: 'undelivered',
  at: SENT,
  locale: null,
  appHash: null,
  webOtpDomain: null,
  provider: providers.at(-1) ?? null,
  reference: null,
  errorCode: 'unreachable',
  attemptedAt: SENT,
  attempts: providers.map(attempt),
  ...more,
});

const gateways: Record<Channel, string[]> = {
  sms: ['a', 'b', 'c'],
  voice: ['a'],
  whatsapp: [],
  email: ['smtp'],
};

const steps = (...channels: Channel[]) => channels.map((channel) => ({ channel, waitMs: 60_000 }));

const SENT = new Date('2026-01-01T00:00:00Z');
const after = (seconds: number): Date => new Date(SENT.getTime() + seconds * 1000);

const plan = (record: FollowQuestion['record'], seconds = 60, hasEmail = true) =>
  followPlan({
    record,
    hasEmail,
    now: after(seconds),
    candidates: (channel) => gateways[channel],
    maxCalls: 3,
  });

/** What is sent a minute after the last send; null: nothing. */
function ask(record: FollowQuestion['record'], hasEmail = true): NextDelivery | null {
  const found = plan(record, 60, hasEmail);
  return found.kind === 'send' ? found.next : null;
}

describe('after a message that did not arrive', () => {
  const failed = (one: DeliveryRecord) => ({ deliveries: [one], followUp: { deliveryId: one.id } });

  it('the next gateway of its channel is tried, without those that were', () => {
    const one = delivery(['a', 'b']);
    expect(ask(failed(one))).toEqual({
      ...{ via: 'failover', channel: 'sms', step: null },
      ...{ exclude: ['a', 'b'], callsBefore: 2 },
    });
  });

  // Catches: a gateway that was never asked, left out as if it had failed.
  it('a gateway that was skipped is tried too', () => {
    const skipped = { ...attempt('a'), outcome: 'skipped', reason: 'paused' };
    const one = delivery([], { attempts: [skipped, attempt('b')] });
    expect(ask(failed(one))).toMatchObject({ exclude: ['b'], callsBefore: 1 });
  });

  // Catches: calls that are counted anew for each follow-up, so that three texts of a code become many.
  it.each<[string, Partial<DeliveryRecord>, NextDelivery | null]>([
    ['some are left', { callsBefore: 1 }, expect.objectContaining({ callsBefore: 2 }) as NextDelivery],
    ['they are spent', { callsBefore: 2 }, null],
    ['a crash may have cost the last', { callsBefore: 1, lostCalls: 1 }, null],
  ])('no more calls are made than the message may cost: %s', (_name, more, next) => {
    expect(ask(failed(delivery(['a'], more)))).toEqual(next);
  });

  // Catches: forgetting what an earlier follow-up excluded, so that two gateways take turns for ever.
  it('a gateway that failed before stays excluded', () => {
    expect(ask(failed(delivery(['b'], { exclude: ['a'] })))?.exclude).toEqual(['a', 'b']);
    expect(ask(failed(delivery(['c'], { exclude: ['a', 'b'] })))).toBeNull();
  });

  // Catches: going round a block, or paying for a number that does not exist, at one gateway after the other.
  it.each(['invalid-number', 'blocked'])('no other gateway is tried when it was %s', (errorCode) => {
    const one = delivery(['a'], { errorCode });
    expect(ask(failed(one))).toBeNull();
    const over = { steps: steps('sms', 'email'), step: 0 };
    expect(ask({ ...failed(one), plan: over })).toMatchObject({ via: 'fallback', channel: 'email', step: 1 });
  });

  // Catches: the same refusal again and again, each charged, until the budget of sends is gone.
  it('no gateway is tried again when none was asked', () => {
    const one = delivery([], { channel: 'voice', state: 'rejected', errorCode: 'no-address' });
    const over = { steps: steps('sms', 'email'), step: 0 };
    expect(ask({ ...failed(one), plan: over })).toMatchObject({ via: 'fallback', channel: 'email' });
    expect(ask(failed(one))).toBeNull();
  });

  // Catches: one more text to a person who has the code, because the failure was noted first.
  it('nothing follows at once when the text arrived after all', () => {
    const one = delivery(['a'], { state: 'delivered', errorCode: null });
    expect(ask(failed(one))).toBeNull();
    const over = { steps: steps('sms', 'email'), step: 0 };
    expect(plan({ ...failed(one), plan: over }, 20)).toEqual({ kind: 'wait', until: after(60) });
  });

  it('the next channel is tried when no gateway is left', () => {
    const over = { steps: steps('sms', 'voice'), step: 0 };
    const one = delivery(['a', 'b', 'c']);
    expect(ask({ ...failed(one), plan: over })).toEqual({
      via: 'fallback',
      channel: 'voice',
      step: 1,
      exclude: [],
      callsBefore: 0,
    });
  });
});

describe('after a wait that ran out', () => {
  it('the next channel is tried, not the next gateway', () => {
    const over = { steps: steps('sms', 'voice'), step: 0 };
    expect(ask({ deliveries: [delivery(['a'])], plan: over })).toMatchObject({ channel: 'voice', step: 1 });
  });

  it('channels that lead nowhere are passed over', () => {
    const over = { steps: steps('sms', 'whatsapp', 'email', 'voice'), step: 0 };
    expect(ask({ deliveries: [delivery(['a'])], plan: over })).toMatchObject({ channel: 'email', step: 2 });
    expect(ask({ deliveries: [delivery(['a'])], plan: over }, false)).toMatchObject({
      channel: 'voice',
      step: 3,
    });
  });

  it('nothing is left behind the last, or without a plan', () => {
    expect(
      ask({ deliveries: [delivery(['a'])], plan: { steps: steps('sms', 'voice'), step: 1 } }),
    ).toBeNull();
    expect(ask({ deliveries: [delivery(['a'])] })).toBeNull();
  });
});

describe('a send that somebody asked for in between', () => {
  const over = { steps: steps('sms', 'voice', 'email'), step: 0 };
  const first = delivery(['a']);
  const again = (channel: Channel, seconds: number) => delivery([], { channel, at: after(seconds) });

  it('makes the next channel wait anew', () => {
    const record = { deliveries: [first, again('sms', 40)], plan: over };
    expect(plan(record, 60)).toEqual({ kind: 'wait', until: after(100) });
    expect(plan(record, 100)).toMatchObject({ next: { channel: 'voice', step: 1 } });
  });

  it('takes the place of the step with its channel', () => {
    const record = { deliveries: [first, again('voice', 40)], plan: over };
    expect(plan(record, 60)).toEqual({ kind: 'wait', until: after(100) });
    expect(plan(record, 100)).toMatchObject({ next: { channel: 'email', step: 2 } });
    expect(plan({ deliveries: [first, again('email', 40)], plan: over }, 60)).toEqual({ kind: 'nothing' });
  });

  // Catches: a person who asked again gets the text twice, once by the resend and once by the follow-up.
  it('takes the place of what was to follow a failure', () => {
    const record = { deliveries: [first, again('sms', 40)], followUp: { deliveryId: first.id } };
    expect(plan(record, 60)).toEqual({ kind: 'nothing' });
    expect(plan({ ...record, plan: over }, 60)).toEqual({ kind: 'wait', until: after(100) });
  });
});
