import { aDelivery } from '../../../test/builders/deliver-input';
import { smsServiceWith } from '../../../test/builders/sms-service';
import { FakeGateway } from '../../testing/fakes/fake-gateway';
import { defaultLimits } from '../gateway';
import type { SmsAttempt, SmsOutcome } from '../gateway';

const refusal: SmsOutcome = { outcome: 'rejected', reason: 'unavailable', vendorCode: '30007' };
const accepted: SmsOutcome = { outcome: 'accepted' };
const tooMany: SmsOutcome = { outcome: 'rejected', reason: 'rate-limited', retryAfterMs: 30_000 };

function setup(routes = '*:one,two') {
  const [one, two] = [new FakeGateway(), new FakeGateway()];
  const traits = { one: { limits: { ...defaultLimits, inFlight: 1 } } };
  const sms = smsServiceWith({ one, two }, routes, { traits });
  const deliver = (more: Parameters<typeof aDelivery>[0] = {}) => sms.deliver(aDelivery(more));
  return { deliver, one, two };
}

const told = (attempts: readonly SmsAttempt[]): string[] =>
  attempts.map(({ provider, outcome, reason }) => `${provider} ${outcome} ${reason ?? ''}`.trim());

// Catches: an operator who cannot see why the second gateway got the text, and the first was not even asked.
describe('a gateway that was not called in its turn', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  async function broken(routes?: string) {
    const world = setup(routes);
    world.one.answers(refusal);
    for (let i = 0; i < 5; i += 1) await world.deliver();
    return world;
  }

  it('is listed with the reason: its breaker is open', async () => {
    const { deliver } = await broken();
    const { attempts } = await deliver();
    expect(told(attempts)).toEqual(['one skipped breaker-open', 'two accepted']);
    const nothing = { vendorCode: null, reference: null, parts: 0, estimate: null, price: null };
    expect(attempts[0]).toMatchObject(nothing);
  });

  it('is listed with the reason: its vendor asked for a pause', async () => {
    const { deliver, one } = setup();
    one.once(tooMany);
    await deliver();
    expect(told((await deliver()).attempts)).toEqual(['one skipped paused', 'two accepted']);
  });

  it('is listed with the reason, and how long it was waited for: too many calls under way', async () => {
    const { deliver, one } = setup();
    one.answers('hang');
    void deliver({ rules: { attemptTimeoutMs: 10_000 } });
    const second = deliver();
    await jest.advanceTimersByTimeAsync(4_000);
    const { attempts } = await second;
    expect(told(attempts)).toEqual(['one skipped busy', 'two accepted']);
    expect(attempts[0]?.latencyMs).toBe(4_000);
  });

  it('is listed twice when it is called after all, because the other one refused', async () => {
    const { deliver, one, two } = await broken();
    one.answers(accepted);
    two.answers(refusal);
    expect(told((await deliver()).attempts)).toEqual([
      'one skipped breaker-open',
      'two rejected unavailable',
      'one accepted',
    ]);
  });

  it('is not listed when nobody was called in its place', async () => {
    const { deliver, one } = await broken('*:one');
    one.answers(accepted);
    expect(told((await deliver()).attempts)).toEqual(['one accepted']);
    const behind = await broken('ES:one;PT:two,one');
    expect(told((await behind.deliver({ country: 'PT' })).attempts)).toEqual(['two accepted']);
  });
});

describe('the vendor’s own code', () => {
  it('stands with each call, and with the result', async () => {
    const { deliver, one, two } = setup();
    one.answers(refusal);
    two.answers({ outcome: 'unknown', vendorCode: '502' });
    const { vendorCode, attempts } = await deliver();
    expect([vendorCode, attempts.map((one) => one.vendorCode)]).toEqual(['502', ['30007', '502']]);
  });

  it('is none where the vendor says nothing, or says what could be a person’s', async () => {
    const { deliver, one, two } = setup();
    one.answers({ outcome: 'rejected', reason: 'content', vendorCode: `no ${aDelivery().to}` });
    two.answers(accepted);
    expect((await deliver()).attempts.map((one) => one.vendorCode)).toEqual([null, null]);
  });
});
