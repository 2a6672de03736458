import type { Job } from '../../common/jobs/job';
import type { SlotsService } from '../slots/slots.service';
import type { ReadModelRepository } from './read-model/read-model.repository';

const BATCH = 500;

/** Removes personal data and tombstones 24 hours after the end. */
export const erasureJob = (
  slots: Pick<SlotsService, 'due' | 'erase'>,
  readModel: Pick<ReadModelRepository, 'erasePersonal'>,
): Job => ({
  name: 'erasure',
  everyMs: 5_000,
  budgetMs: 4_000,
  hasWork: async () => (await slots.due('erase', 1)).length > 0,
  run: async () => {
    const due = (await slots.due('erase', BATCH)).map(({ slot, work }) => ({
      slotId: slot._id,
      verificationIds: work.map(({ verificationId }) => verificationId),
    }));
    // The copy first: the slot is what remembers that the copy still has to be erased.
    await readModel.erasePersonal(due.flatMap(({ verificationIds }) => verificationIds));
    await Promise.all(due.map(({ slotId, verificationIds }) => slots.erase(slotId, { verificationIds })));
    return { full: due.length === BATCH };
  },
});
