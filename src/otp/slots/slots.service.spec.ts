import type { mongo } from 'mongoose';
import { aCreate } from '../../../test/builders/slot-commands.builder';
import { systemClock } from '../../common/clock';
import { SlotRepository } from './slot.repository';
import { SlotsService } from './slots.service';

describe('overload of the commit', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  const hanging = { command: () => new Promise(() => undefined) } as unknown as mongo.Db;

  it('shows as operations waiting, which creates give way to before checks do', async () => {
    const slots = new SlotsService(new SlotRepository(hanging), systemClock);
    const all = Promise.allSettled(Array.from({ length: 502 }, () => slots.create(aCreate())));
    expect(slots.waiting).toBe(501);
    await jest.advanceTimersByTimeAsync(10_000);
    const answers = await all;
    expect(new Set(answers.map((one) => one.status === 'rejected' && one.reason.code))).toEqual(
      new Set(['unavailable']),
    );
    expect(slots.waiting).toBe(0);
  });
});
