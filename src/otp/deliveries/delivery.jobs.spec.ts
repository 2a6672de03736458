import { aSlot, at } from '../../../test/builders/slot-state.builder';
import type { SlotsService } from '../slots/slots.service';
import { followUpJob, redispatchJob } from './delivery.jobs';

/** A process in which 100 messages wait, and which finds as much work as it asks for. */
function setup() {
  let waiting = 100;
  const work = [{ kind: 'claim', at: at(0), verificationId: 'v1', deliveryId: 'd1' }];
  const due = async (_kind: string, limit: number) =>
    Array.from({ length: limit }, () => ({ slot: aSlot(), now: at(0), work }));
  const start = async () => (waiting++, 'claimed');
  const followUps = {
    get room() {
      return 1_000 - waiting;
    },
    redispatch: start,
    followUp: start,
  };
  return { slots: { due } as unknown as Pick<SlotsService, 'due'>, followUps, waiting: () => waiting };
}

describe('a job that finds many messages to send', () => {
  // Catches: a job that fills the 1,000 places of this process, so that creates are refused while it lasts.
  it.each([
    ['re-dispatch, after an instance died', redispatchJob],
    ['follow-up, after a gateway went down', followUpJob],
  ])('leaves half the places of this process to new texts: %s', async (_name, jobFor) => {
    const { slots, followUps, waiting } = setup();
    const job = jobFor(slots, followUps);
    for (let round = 0; round < 20; round++) if (!(await job.run({} as never)).full) break;
    expect(waiting()).toBe(500);
  });
});

describe('re-dispatch', () => {
  // Two instances may die in it, one after the other.
  it('comes by often enough for a promise of five seconds', () => {
    const { slots, followUps } = setup();
    const { everyMs, budgetMs } = redispatchJob(slots, followUps);
    expect(everyMs + 2 * budgetMs).toBeLessThanOrEqual(5_000);
  });

  // Catches: a slot of many deliveries taken for one piece of work, beyond what there is room for.
  it('counts deliveries, not slots', async () => {
    const two = ['d1', 'd2'].map((deliveryId) => ({
      kind: 'claim' as const,
      at: at(0),
      verificationId: 'v1',
      deliveryId,
    }));
    const due = async () => [
      { slot: aSlot(), now: at(0), work: two },
      { slot: aSlot({ _id: 'slot-2' }), now: at(0), work: two },
    ];
    const handed: string[] = [];
    const followUps = {
      room: 503,
      redispatch: async (slot: { _id: string }, target: { deliveryId: string }) => (
        handed.push(`${slot._id} ${target.deliveryId}`),
        'claimed'
      ),
    };
    const job = redispatchJob({ due } as unknown as Pick<SlotsService, 'due'>, followUps);
    expect(await job.run({} as never)).toEqual({ full: true });
    expect(handed).toEqual(['slot-1 d1', 'slot-1 d2', 'slot-2 d1']);
  });
});
