import { anAttempt } from '../../../../../test/builders/slot-state.builder';
import type { AttemptRecord, DeliveryRecord } from '../../slot';
import { earlyAttempt } from './attempt';
import { callsSpent, duplicatesOf, mayBeThere } from './calls';

const unknown = anAttempt({ outcome: 'unknown' });
const refused = anAttempt({ outcome: 'rejected' });
const skipped = anAttempt({ outcome: 'skipped', reason: 'paused' });
const early = earlyAttempt('acme');
type Counted = Pick<DeliveryRecord, 'attempts' | 'lostCalls' | 'callsBefore'>;
const of = (attempts: AttemptRecord[], more: Partial<Counted> = {}): Counted => ({ attempts, ...more });

describe('the calls of a message', () => {
  it.each<[string, Counted, number, number, boolean]>([
    ['none', of([]), 0, 0, false],
    ['one that was taken', of([anAttempt()]), 1, 0, true],
    ['refusals', of([refused, refused]), 2, 0, false],
    ['one that may have been taken, and one that was', of([unknown, anAttempt()]), 2, 1, true],
    ['a refusal between two that may have been taken', of([unknown, refused, unknown]), 3, 1, true],
    ['three that may have been taken', of([unknown, unknown, unknown]), 3, 2, true],
    ['one that was lost', of([], { lostCalls: 1 }), 1, 0, true],
    ['one that was lost, then one that was taken', of([anAttempt()], { lostCalls: 1 }), 2, 1, true],
    ['one that was lost and told of by a receipt', of([early], { lostCalls: 1 }), 1, 0, true],
    ['two that were lost, one of which a receipt told of', of([early], { lostCalls: 2 }), 2, 1, true],
    ['one whose answer is still awaited, though a receipt has come', of([early]), 1, 0, false],
    ['one that was taken, after a gateway that was skipped', of([skipped, anAttempt()]), 1, 0, true],
    ['those of the delivery before', of([anAttempt()], { callsBefore: 2 }), 3, 0, true],
  ])('are counted: %s', (_name, delivery, spent, duplicates, isOpen) => {
    expect([callsSpent(delivery), duplicatesOf(delivery), mayBeThere(delivery)]).toEqual([
      spent,
      duplicates,
      isOpen,
    ]);
  });
});
