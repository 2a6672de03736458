/** What one receipt makes of one gateway call of a delivery (attempt). */
import type { Money } from '../../../../common/money';
import { add, and, concat, cond, eq, gt, gte, letIn, merge, not, or, orElse, size } from '../expressions';
import type { Expression } from '../expressions';
import { isFinal, isIn } from './words';

/** One receipt, reduced to what the slot keeps. */
export interface ReceiptFact {
  state: 'accepted' | 'sent' | 'delivered' | 'undelivered' | 'unknown';
  /** Why it is undelivered. */
  reason: string | null;
  reference: string | null;
  /** Null: about the whole message. */
  part: string | null;
  /** Of the whole message, when told. */
  parts: number | null;
  price: Money | null;
}

/** SMS has no more parts; keeps the document small whatever a vendor makes up. */
const MAX_PARTS = 255;
/** In `pricedParts`: the price is that of the whole message. */
const WHOLE = '*';

/** Parts that have arrived, with the one that `$$f` is about. */
const arrived: Expression = letIn(
  [{ known: orElse('$$a.deliveredParts', []) }],
  cond(
    and(
      eq('$$f.state', 'delivered'),
      gt('$$f.part', null),
      not(isIn('$$f.part', '$$known')),
      not(gte(size('$$known'), MAX_PARTS)),
    ),
    concat('$$known', ['$$f.part']),
    '$$known',
  ),
);

/** What is known of the attempt `$$a` after `$$f`, null when still nothing is. */
const stateHeard: Expression = {
  $switch: {
    branches: [
      { case: isFinal('$$a.receipt'), then: '$$a.receipt' },
      { case: eq('$$f.state', 'undelivered'), then: 'undelivered' },
      {
        case: or(
          and(eq('$$f.state', 'delivered'), eq('$$f.part', null)),
          and(gt('$$total', 0), gte(size('$$arrived'), '$$total')),
        ),
        then: 'delivered',
      },
      { case: isIn('$$f.state', ['delivered', 'sent']), then: 'sent' },
      { case: eq('$$f.state', 'accepted'), then: orElse('$$a.receipt', 'accepted') },
    ],
    default: orElse('$$a.receipt', null),
  },
};

/**
 * Each part's price counts once. The first one takes the place of what was said at acceptance; one for the whole
 * message takes the place of all.
 */
const priceHeard: Expression = letIn(
  [{ known: orElse('$$a.pricedParts', []), of: orElse('$$f.part', WHOLE) }],
  letIn(
    [{ replaces: or(eq('$$of', WHOLE), eq('$$known', [])) }],
    cond(
      and(
        gt('$$f.price', null),
        not(isIn(WHOLE, '$$known')),
        not(isIn('$$of', '$$known')),
        not(gte(size('$$known'), MAX_PARTS)),
        or('$$replaces', eq('$$a.price.currency', '$$f.price.currency')),
      ),
      {
        price: cond(
          '$$replaces',
          '$$f.price',
          merge('$$f.price', { micros: add('$$a.price.micros', '$$f.price.micros') }),
        ),
        pricedParts: cond(eq('$$of', WHOLE), [WHOLE], concat('$$known', ['$$of'])),
      },
      {},
    ),
  ),
);

/**
 * The attempt `$$a` after the fact `$$f`. Its first final state stays. Nothing is added that says nothing: a repeat
 * leaves it as it is.
 */
export const heard: Expression = letIn(
  [{ total: orElse('$$f.parts', '$$a.parts'), arrived }, { says: stateHeard }],
  merge(
    '$$a',
    { parts: '$$total' },
    cond(eq('$$arrived', []), {}, { deliveredParts: '$$arrived' }),
    cond(eq('$$says', null), {}, { receipt: '$$says' }),
    cond(and(eq('$$says', 'undelivered'), not(isFinal('$$a.receipt'))), { reason: '$$f.reason' }, {}),
    priceHeard,
  ),
);
