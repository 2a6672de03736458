import type { Job } from '../../common/jobs/job';
import type { SlotsService } from '../slots/slots.service';
import type { RelayService } from './relay.service';

const BATCH = 500;

/** Relays what processes left behind that died, or that could not reach a sink for long. */
export const relayJob = (slots: Pick<SlotsService, 'due'>, relay: Pick<RelayService, 'relay'>): Job => ({
  name: 'relay',
  everyMs: 1_000,
  // Long: a backlog is worked off without pauses.
  budgetMs: 10_000,
  // An instance that dies holds the others up for this long at most.
  leaseMs: 4_000,
  hasWork: async () => (await slots.due('relay', 1)).length > 0,
  waitingSince: async () => oldestOf(await slots.due('relay', 1)),
  run: async () => {
    const due = await slots.due('relay', BATCH);
    await relay.relay(due.map(({ slot }) => slot));
    return { full: due.length === BATCH, oldest: oldestOf(due) };
  },
});

function oldestOf(due: readonly { readonly work: readonly { readonly at: Date }[] }[]): Date | null {
  const times = due.flatMap(({ work }) => work.map(({ at }) => at.getTime()));
  return times.length === 0 ? null : new Date(Math.min(...times));
}
