/** Receipts of a delivery that is in the read model alone: the slot keeps no more than a tombstone, or is gone. */
import { add, and, cond, eq, gt, letIn, merge, not, orElse, SERVER_NOW } from '../expressions';
import type { Expression, Pipeline } from '../expressions';
import { afterReceipts } from './delivery';
import { becomesFinal } from './receipt.pipeline';
import type { ReceiptConstants } from './receipt.pipeline';
import { filter, first } from './words';

export type LateReport = Pick<
  ReceiptConstants,
  'verificationId' | 'deliveryId' | 'gateway' | 'proven' | 'receipts'
>;

/** Over a document of `verifications`; `$$p` is the {@link LateReport}. What is known already changes nothing. */
export function latePipeline(now: Expression = SERVER_NOW): Pipeline {
  const deliveries = {
    $map: {
      input: '$deliveries',
      as: 'd',
      in: cond(eq('$$d.id', '$$p.deliveryId'), '$$after', '$$d'),
    },
  };
  const changed = merge('$$ROOT', {
    deliveries,
    seq: cond('$$final', add('$seq', 1), '$seq'),
    rev: cond('$$final', '$$REMOVE', add(orElse('$rev', 0), 1)),
  });
  return [
    {
      $replaceWith: letIn(
        [
          { delivery: first(filter('$deliveries', 'd', eq('$$d.id', '$$p.deliveryId'))) },
          { after: afterReceipts('$$delivery', now) },
          { final: becomesFinal },
        ],
        cond(and(gt(orElse('$$delivery', null), null), not(eq('$$after', '$$delivery'))), changed, '$$ROOT'),
      ),
    },
  ];
}
