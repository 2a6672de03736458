import { aDelivery, anAttempt, aRecord, at } from '../../../../test/builders/slot-state.builder';
import { sendsView, viewOf, type Surroundings } from './verification.view';

const surroundings = (change: Partial<Surroundings> = {}): Surroundings => ({
  purpose: 'login',
  sends: [at(0)],
  personal: { to: '+447700900123' },
  now: at(1_000),
  ...change,
});

describe('the view of a verification', () => {
  it('shows what its owner may see, and nothing that only the engine needs', () => {
    const delivery = aDelivery({ attempts: [anAttempt()], attemptedAt: at(5), provider: 'acme' });
    expect(viewOf(aRecord({ deliveries: [delivery] }), surroundings())).toEqual({
      id: 'v1',
      status: 'pending',
      clientIp: null,
      test: false,
      to: '+447700900123',
      email: null,
      country: 'GB',
      purpose: 'login',
      channel: 'sms',
      codeLength: 6,
      createdAt: at(0),
      expiresAt: at(600_000),
      endedAt: null,
      checks: { used: 0, max: 5 },
      sends: { used: 1, max: 5, nextAt: at(30_000) },
      deliveries: [
        {
          id: 'd1',
          channel: 'sms',
          provider: 'acme',
          state: 'sending',
          attemptedAt: at(5),
          errorCode: null,
          parts: 1,
          duplicates: 0,
          attempts: [anAttempt()],
        },
      ],
      duplicates: 0,
      cost: { estimated: [], reported: [] },
      transaction: null,
      digest: null,
      metadata: null,
    });
  });

  it('says how many copies of the text there may be', () => {
    const unknown = anAttempt({ outcome: 'unknown' });
    const deliveries = [
      aDelivery({ attempts: [unknown, anAttempt()] }),
      aDelivery({ id: 'd2', lostCalls: 1, attempts: [anAttempt()] }),
    ];
    expect(viewOf(aRecord({ deliveries }), surroundings())).toMatchObject({
      duplicates: 2,
      deliveries: [{ duplicates: 1 }, { duplicates: 1 }],
    });
  });

  it('is expired from the very millisecond on, whether a job has run or not', () => {
    const before = viewOf(aRecord(), surroundings({ now: at(599_999) }));
    expect(before).toMatchObject({ status: 'pending', endedAt: null });
    const after = viewOf(aRecord(), surroundings({ now: at(600_000) }));
    expect(after).toMatchObject({ status: 'expired', endedAt: at(600_000), sends: { nextAt: null } });
  });

  it('has nothing personal once that was removed', () => {
    const ended = aRecord({ status: 'approved', endedAt: at(500) });
    const view = viewOf(ended, surroundings({ personal: null }));
    expect(view).toMatchObject({
      to: null,
      email: null,
      transaction: null,
      digest: null,
      metadata: null,
      endedAt: at(500),
    });
  });

  it('goes by the send rules that it was started with', () => {
    const { policy } = aRecord();
    const sends = { windowMs: 60_000, sendsMax: 1, cooldownMs: 0 };
    const view = viewOf(aRecord({ policy: { ...policy, sends } }), surroundings());
    expect(view.sends).toEqual({ used: 1, max: 1, nextAt: at(60_000) });
  });
});

describe('the next send', () => {
  const rules = { windowMs: 600_000, sendsMax: 2, cooldownMs: 30_000 };

  it.each([
    ['at once without any before', [], 0, 0],
    ['when the cool-down is over', [0], 1, 30_000],
    ['at once when it is', [-30_000], 1, 0],
    ['when the oldest has left a window that is full', [-60_000, -40_000], 2, 540_000],
    ['at once when the oldest leaves it now', [-600_000, -40_000], 1, 0],
  ])('is possible %s', (_, sent, used, nextAt) => {
    const sends = sent.map(at);
    expect(sendsView(sends, rules, at(0))).toEqual({ used, max: 2, nextAt: at(nextAt) });
  });
});
