import { InFlightLimit } from './in-flight-limit';

describe('InFlightLimit', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('lets as many in as it may, at once', () => {
    const limit = new InFlightLimit(2);
    expect([limit.enter(0), limit.enter(0), limit.enter(0)]).toEqual([true, true, false]);
    expect(limit.active).toBe(2);
  });

  it('hands a place on in order of arrival, and never lets a newcomer overtake', async () => {
    const limit = new InFlightLimit(1);
    const order: string[] = [];
    void limit.enter(0);
    const first = Promise.resolve(limit.enter(1_000)).then(() => order.push('first'));
    const second = Promise.resolve(limit.enter(1_000)).then(() => order.push('second'));
    limit.leave();
    expect(limit.enter(0)).toBe(false);
    await first;
    limit.leave();
    await second;
    expect(order).toEqual(['first', 'second']);
    expect([limit.active, limit.waiting]).toEqual([1, 0]);
  });

  it('sends a waiter away when its time is up, and gives the place to the next', async () => {
    const limit = new InFlightLimit(1);
    void limit.enter(0);
    const impatient = limit.enter(100);
    const patient = limit.enter(1_000);
    jest.advanceTimersByTime(100);
    await expect(impatient).resolves.toBe(false);
    limit.leave();
    await expect(patient).resolves.toBe(true);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('is free again when all have left', async () => {
    const limit = new InFlightLimit(3);
    for (let i = 0; i < 3; i += 1) void limit.enter(0);
    for (let i = 0; i < 3; i += 1) limit.leave();
    expect([limit.active, limit.waiting, limit.enter(0)]).toEqual([0, 0, true]);
  });
});
