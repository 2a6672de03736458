import type { Job } from '../../common/jobs/job';
import type { SlotsService } from '../slots/slots.service';
import type { FollowUpService } from './follow-up.service';
import { startMessages } from './start-messages';

/** Short, and with it the lease: an instance killed in here holds others up for 4 s. */
const BUDGET_MS = 2_000;

/**
 * Picks up deliveries whose sender died or gave up: their lease ran out. Whether one is attempted again or given up
 * is decided in the slot; two instances cannot both take it.
 */
export function redispatchJob(
  slots: Pick<SlotsService, 'due'>,
  followUps: Pick<FollowUpService, 'room' | 'redispatch'>,
): Job {
  return {
    name: 'redispatch',
    everyMs: 1_000,
    budgetMs: BUDGET_MS,
    hasWork: async () => (await slots.due('claim', 1)).length > 0,
    run: () =>
      startMessages(
        followUps.room,
        async (limit) => {
          const due = await slots.due('claim', limit);
          return due.flatMap(({ slot, work }) => work.map((one) => ({ slot, ...one }))).slice(0, limit);
        },
        ({ slot, ...target }) => followUps.redispatch(slot, target),
      ),
  };
}

/**
 * Tries the next gateway or channel where a code did not arrive or was not typed in time. A job and not a timer of
 * the process that learnt of it: that one may die, and the slot remembers.
 */
export function followUpJob(
  slots: Pick<SlotsService, 'due'>,
  followUps: Pick<FollowUpService, 'room' | 'followUp'>,
): Job {
  return {
    name: 'follow',
    everyMs: 500,
    budgetMs: BUDGET_MS,
    hasWork: async () => (await slots.due('follow-up', 1)).length > 0,
    run: () =>
      startMessages(
        followUps.room,
        (limit) => slots.due('follow-up', limit),
        ({ slot, now }) => followUps.followUp(slot, now),
      ),
  };
}
