import type { Job } from '../../common/jobs/job';
import type { SinkFeed } from './sink-feed.service';

/**
 * Hands the log over to one sink, one instance at a time. Half of the lease is longer than a call to the sink may take, and
 * it is renewed from there on: two instances never call one sink at once, unless one stands still.
 */
export const eventSinkJob = (feed: SinkFeed): Job => ({
  name: `event-sink-${feed.name}`,
  everyMs: 1_000,
  budgetMs: 20_000,
  leaseMs: 70_000,
  hasWork: () => feed.hasWork(),
  waitingSince: async () => (await feed.look()).since,
  run: () => feed.run(),
});
