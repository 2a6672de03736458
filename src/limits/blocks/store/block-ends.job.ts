import type { AuditService } from '../../../audit/audit.service';
import type { Clock } from '../../../common/clock';
import type { Job } from '../../../common/jobs/job';
import { blockEvent } from './block-event';
import type { BlocksRepository } from './blocks.repository';

const BATCH = 500;

type Ends = Pick<BlocksRepository, 'ended' | 'forget' | 'hasEnded'>;

/**
 * Tells the log of entries that ended by themselves, and removes what they said. Nothing depends on when it happens: a
 * send is judged by the end itself. An event that is written twice is one.
 */
export const blockEndsJob = (
  repository: Ends,
  audit: Pick<AuditService, 'append'>,
  clock: Pick<Clock, 'now'>,
): Job => ({
  name: 'block-ends',
  everyMs: 15_000,
  budgetMs: 10_000,
  hasWork: () => repository.hasEnded(clock.now()),
  run: async () => {
    const ended = await repository.ended(clock.now(), BATCH);
    const events = ended.map(({ block, rev }) => ({
      ...blockEvent('block_removed', block, 'job:blocks', { because: 'ended' }),
      id: `block:${block.id}.${rev}`,
      at: block.expiresAt ?? new Date(clock.now()),
    }));
    await audit.append(events);
    await repository.forget(ended, clock.now());
    return { full: ended.length === BATCH };
  },
});
