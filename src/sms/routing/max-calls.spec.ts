import { aDelivery } from '../../../test/builders/deliver-input';
import { smsServiceWith } from '../../../test/builders/sms-service';
import { threeGateways as setup } from '../../../test/builders/three-gateways';
import { FakeGateway } from '../../testing/fakes/fake-gateway';
import type { RejectReason, SmsOutcome } from '../gateway';
import { DELIVERY_TIMEOUT_MS } from '../sms.service';

const rejected = (reason: RejectReason): SmsOutcome => ({ outcome: 'rejected', reason });
const unknown: SmsOutcome = { outcome: 'unknown' };

// Catches: each of two gateways that break off after reading was called four times: one code, eight texts, eight bills.
describe('how often gateways are called', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());
  const finish = async <T>(delivery: Promise<T>): Promise<T> => {
    await jest.advanceTimersByTimeAsync(DELIVERY_TIMEOUT_MS);
    return delivery;
  };
  const repeat = (maxCalls: number) => ({ rules: { onUnknown: 'repeat', maxCalls } }) as const;

  it('is once each, when all of them leave it open', async () => {
    const { deliver, asked, one, two } = setup('*:one,two');
    [one, two].forEach((gateway) => gateway.answers(unknown));
    expect(await finish(deliver())).toMatchObject({ outcome: 'unknown', errorCode: 'gateway-error' });
    expect(asked()).toEqual([1, 1, 0]);
  });

  it.each<[string, SmsOutcome]>([
    ['leave it open', unknown],
    ['refuse', rejected('unavailable')],
  ])('is three times over the whole route, when all %s', async (_name, answer) => {
    const gateways = {
      a: new FakeGateway(),
      b: new FakeGateway(),
      c: new FakeGateway(),
      d: new FakeGateway(),
    };
    Object.values(gateways).forEach((gateway) => gateway.answers(answer));
    const sms = smsServiceWith(gateways, '*:a,b,c,d');
    const asked = () => Object.values(gateways).map(({ messages }) => messages.length);
    expect(await finish(sms.deliver(aDelivery()))).toMatchObject({ outcome: answer.outcome });
    expect(asked()).toEqual([1, 1, 1, 0]);
    await finish(sms.deliver(aDelivery({ rules: { maxCalls: 4 } })));
    expect(asked()).toEqual([2, 2, 2, 1]);
  });

  it('is less by what was spent before', async () => {
    const { deliver, asked, one, two, three } = setup();
    [one, two, three].forEach((gateway) => gateway.answers(unknown));
    await finish(deliver({ callsSpent: 2 }));
    expect(asked()).toEqual([1, 0, 0]);
    expect(await finish(deliver({ callsSpent: 3 }))).toMatchObject({ outcome: 'unknown', attempts: [] });
    expect(asked()).toEqual([1, 0, 0]);
  });

  it('is more where the application wants it, up to its number of calls', async () => {
    const { deliver, asked, one, two } = setup('*:one,two');
    [one, two].forEach((gateway) => gateway.answers(unknown));
    await finish(deliver(repeat(3)));
    expect(asked()).toEqual([2, 1, 0]);
    await finish(deliver(repeat(8)));
    expect(asked()).toEqual([6, 5, 0]);
  });

  it('is never more for what was refused, or where there is no other gateway', async () => {
    const { deliver, asked, one, two } = setup('*:one,two;PT:one');
    one.once(unknown, unknown);
    two.answers(rejected('unavailable'));
    const { provider, attempts } = await finish(deliver(repeat(8)));
    expect(provider).toBe('one');
    expect(attempts.map((attempt) => `${attempt.provider} ${attempt.outcome}`)).toEqual([
      'one unknown',
      'two rejected',
      'one unknown',
      'one accepted',
    ]);
    one.answers(unknown);
    await finish(deliver({ ...repeat(8), country: 'PT' }));
    expect(asked()).toEqual([4, 1, 0]);
  });

  it('ends when the delivery is not wanted any more', async () => {
    const { deliver, asked, one, two } = setup('*:one,two');
    [one, two].forEach((gateway) => gateway.answers(unknown));
    let left = 2;
    await finish(deliver({ ...repeat(8), mayStart: () => left-- > 0 }));
    expect(asked()).toEqual([1, 1, 0]);
  });

  // Catches: calls that nobody has written down when the process dies before the next answer.
  it('is told once an outcome is open, before the next call, and no answer is waited for without need', async () => {
    const { deliver, asked, one, two } = setup();
    one.answers(rejected('unavailable'));
    two.answers(unknown);
    const told: unknown[] = [];
    const beforeNext = async (attempts: readonly { provider: string }[]) => {
      told.push([attempts.map(({ provider }) => provider), asked()]);
      return true;
    };
    await finish(deliver({ beforeNext }));
    expect(told).toEqual([
      [
        ['one', 'two'],
        [1, 1, 0],
      ],
    ]);
    await finish(deliver({ beforeNext: () => Promise.resolve(false) }));
    expect(asked()).toEqual([2, 2, 1]);
  });
});
