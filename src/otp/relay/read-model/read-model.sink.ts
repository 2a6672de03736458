import type { ChangedHoursRepository } from './changed-hours.repository';
import type { ReadModelRepository } from './read-model.repository';
import type { RelaySink } from '../relay-sink';

/** Snapshots of verifications, and the marks of the hours that have to be counted again. */
export function readModelSink(
  verifications: Pick<ReadModelRepository, 'insert' | 'save' | 'erasePersonal'>,
  hours: Pick<ChangedHoursRepository, 'mark'>,
): RelaySink {
  return {
    name: 'read-model',
    async take({ snapshots, started, dropped }) {
      await Promise.all([
        verifications.insert(snapshots.filter(({ id }) => started.has(id))),
        verifications.save(snapshots.filter(({ id }) => !started.has(id))),
      ]);
      // Only now: a count that reads the mark then reads the changes too, and no crash leaves a change uncounted.
      await Promise.all([hours.mark(snapshots), verifications.erasePersonal(dropped)]);
    },
  };
}
