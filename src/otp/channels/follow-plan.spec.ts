import type { Channel } from '../../common/channel';
import { newId } from '../../common/ids';
import type { AttemptRecord, DeliveryRecord } from '../slot/slot';
import { nextDelivery, type FollowQuestion } from './follow-plan';

const attempt = (provider: string): AttemptRecord => ({
  provider,
  outcome: 'accepted',
  reason: null,
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
  at: new Date(),
  locale: null,
  appHash: null,
  webOtpDomain: null,
  provider: providers.at(-1) ?? null,
  reference: null,
  errorCode: 'unreachable',
  attemptedAt: new Date(),
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

const ask = (record: FollowQuestion['record'], hasEmail = true) =>
  nextDelivery({ record, hasEmail, candidates: (channel) => gateways[channel] });

describe('after a message that did not arrive', () => {
  const failed = (one: DeliveryRecord) => ({ deliveries: [one], followUp: { deliveryId: one.id } });

  it('the next gateway of its channel is tried, without those that were', () => {
    const one = delivery(['a', 'b']);
    expect(ask(failed(one))).toEqual({ via: 'failover', channel: 'sms', step: null, exclude: ['a', 'b'] });
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
    const plan = { steps: steps('sms', 'email'), step: 0 };
    expect(ask({ ...failed(one), plan })).toMatchObject({ via: 'fallback', channel: 'email', step: 1 });
  });

  it('the next channel is tried when no gateway is left', () => {
    const plan = { steps: steps('sms', 'voice'), step: 0 };
    const one = delivery(['a', 'b', 'c']);
    expect(ask({ ...failed(one), plan })).toEqual({
      via: 'fallback',
      channel: 'voice',
      step: 1,
      exclude: [],
    });
  });
});

describe('after a wait that ran out', () => {
  it('the next channel is tried, not the next gateway', () => {
    const plan = { steps: steps('sms', 'voice'), step: 0 };
    expect(ask({ deliveries: [delivery(['a'])], plan })).toMatchObject({ channel: 'voice', step: 1 });
  });

  it('channels that lead nowhere are passed over', () => {
    const plan = { steps: steps('sms', 'whatsapp', 'email', 'voice'), step: 0 };
    expect(ask({ deliveries: [], plan })).toMatchObject({ channel: 'email', step: 2 });
    expect(ask({ deliveries: [], plan }, false)).toMatchObject({ channel: 'voice', step: 3 });
  });

  it('nothing is left behind the last, or without a plan', () => {
    expect(ask({ deliveries: [], plan: { steps: steps('sms', 'voice'), step: 1 } })).toBeNull();
    expect(ask({ deliveries: [] })).toBeNull();
  });
});
