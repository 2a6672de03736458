import { DispatchInstance, stored } from '../../../test/support/dispatch-instance';
import { useDatabase } from '../../../test/support/mongo';
import { SlotWorld } from '../../../test/support/slot-world';
import type { ApplicationSettings } from '../../applications/application';
import { BUDGETS, type BudgetDocument } from '../../limits/money/budget.schema';
import type { SmsOutcome } from '../../sms/gateway';
import type { DeliveryRecord } from '../slots/slot';

const test = useDatabase();
let world: SlotWorld;
beforeAll(async () => {
  world = await SlotWorld.open(test);
});
beforeEach(async () => {
  await world.clear();
  await test.durableDb.collection(BUDGETS).deleteMany({});
});

const EUR = (amountMicros: number) => ({ amountMicros, currency: 'EUR' });
/** Each call is charged 10, of so many. */
const withBudget = (micros: number, more: ApplicationSettings = {}): ApplicationSettings => ({
  budgets: [{ period: 'day', limit: EUR(micros) }],
  assumedPrice: EUR(10),
  ...more,
});
const start = (micros: number, more: ApplicationSettings = {}) =>
  new DispatchInstance(test, { route: '*:fake,other', settings: withBudget(micros, more) });
const refused: SmsOutcome = { outcome: 'rejected', reason: 'unavailable' };
const open: SmsOutcome = { outcome: 'unknown' };

const allotted = async (): Promise<number> => {
  const all = await test.durableDb.collection<BudgetDocument>(BUDGETS).find().toArray();
  return all.reduce((sum, { allottedMicros }) => sum + allottedMicros, 0);
};
const callsOf = ({ fake, other }: DispatchInstance) => [fake.messages.length, other.messages.length];
const told = (delivery: DeliveryRecord | undefined) =>
  delivery?.attempts.map(({ provider, outcome, reason }) => `${provider} ${outcome} ${reason ?? ''}`.trim());

describe('a gateway call', () => {
  // Catches: the charge after the call (seen: 0 allotted while the gateway is called).
  it('is charged before it is made, and its record says to what', async () => {
    const here = start(1_000);
    const seen: number[] = [];
    const send = here.fake.send.bind(here.fake);
    here.fake.send = async (...args) => (seen.push(await allotted()), send(...args));
    const sent = await here.sent();
    expect(seen[0]).toBeGreaterThanOrEqual(10);
    const { delivery, now } = await stored(here, sent);
    const caps = [`*:${now.toISOString().slice(0, 10)}`];
    expect(delivery?.attempts).toMatchObject([{ charge: { micros: 10, currency: 'EUR', caps } }]);
  });

  it('that nobody pays for is not made, and written down as such', async () => {
    const here = start(5);
    const sent = await here.sent();
    expect(callsOf(here)).toEqual([0, 0]);
    const { delivery } = await stored(here, sent);
    expect(delivery).toMatchObject({ state: 'rejected', errorCode: 'budget', provider: null });
    expect(told(delivery)).toEqual(['fake skipped budget', 'other skipped budget']);
  });

  // Catches: fail-over that is free of charge.
  it('of the next gateway is charged as well, and is not made where there is no more', async () => {
    const here = start(15);
    here.fake.answers(open);
    const sent = await here.sent();
    expect(callsOf(here)).toEqual([1, 0]);
    expect(told((await stored(here, sent)).delivery)).toEqual([
      'fake unknown gateway-error',
      'other skipped budget',
    ]);
  });

  it('that was refused for certain is not owed: the next gateway has its money', async () => {
    const here = start(15);
    here.fake.answers(refused);
    const sent = await here.sent();
    expect(callsOf(here)).toEqual([1, 1]);
    const { delivery } = await stored(here, sent);
    expect(delivery?.attempts.map(({ charge }) => charge?.micros)).toEqual([undefined, 10]);
  });

  it('costs what the gateway says at once; the rest is there for others', async () => {
    const here = start(15);
    here.fake.answers({ outcome: 'accepted', price: { micros: 4, currency: 'EUR' } });
    await here.sent();
    await here.sent();
    expect(callsOf(here)).toEqual([2, 0]);
  });

  // Catches: a take-over or a follow-up that is not charged.
  it('of whoever takes a delivery over is charged again', async () => {
    const first = start(25);
    const claimed = await first.leased();
    let answer = () => {};
    first.fake.waitFor(new Promise((resolve) => (answer = resolve)));
    await first.dispatch.send(claimed);
    await first.dispatch.settled(claimed.deliveryId, 300);
    await world.age(claimed.slot._id, 30_000);
    const next = start(25);
    const target = { verificationId: claimed.slot.current.id, deliveryId: claimed.deliveryId };
    expect(await next.followUps.redispatch(claimed.slot, target)).toBe('claimed');
    await next.settled(claimed);
    expect(await allotted()).toBe(20);
    answer();
    await first.settled(claimed);
  });
});
