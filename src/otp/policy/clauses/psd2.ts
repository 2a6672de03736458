import { fixedCodes, type Clause } from '../clause';
import { checksAtMost, locksBy, locksEverybody, locksFor, saysWhetherPayment } from '../rules';

/**
 * The RTS leaves the length of a temporary block to the provider (Art. 4(4): by the risk). Five minutes are ours: the
 * guesses of a day stay below twenty, and an honest person comes back.
 */
const BLOCK_SECONDS = 300;

/** RTS (EU) 2018/389 on strong customer authentication, to PSD2. */
export const psd2: readonly Clause[] = [
  {
    clause: 'Art. 4(1)',
    asks: 'a code is accepted once',
    by: 'product',
    answer: 'Approval removes the code in the same write.',
    notes: ['once'],
  },
  {
    clause: 'Art. 4(2)',
    asks: 'a code reveals nothing, does not follow from another, and cannot be forged',
    by: 'product',
    answer: 'Every code is drawn at random and bound to its verification by a MAC.',
    exception: fixedCodes,
    notes: ['random', 'bound'],
  },
  {
    clause: 'Art. 4(3)(a)',
    asks: 'a failure does not say which element was wrong',
    by: 'product',
    answer: 'A wrong code and a wrong transaction are answered alike.',
    notes: ['bound'],
  },
  {
    clause: 'Art. 4(3)(b)',
    asks: '≤ 5 failures in a row, then a block',
    by: 'policy',
    rules: [checksAtMost(5), locksBy(5), locksFor(BLOCK_SECONDS), locksEverybody],
    answer: 'The RTS leaves the length of the block open; five minutes are our bound.',
    notes: ['locks', 'policies'],
  },
  {
    clause: 'Art. 4(3)(d)',
    asks: '≤ 5 minutes without activity once somebody is authenticated',
    by: 'you',
    answer: 'Sixdigit has no sessions of your users.',
  },
  {
    clause: 'Art. 4(3), last sentence',
    asks: 'the payer is alerted before a block is made permanent',
    by: 'you',
    answer: '`failures` of `/v1/recipients/lookup` and the event `locked` say how near 100 is.',
  },
  {
    clause: 'Art. 5(1)(a)',
    asks: 'the payer sees amount and payee',
    by: 'product',
    answer:
      'Built-in texts show them, also where that takes two parts; of templates, only those that show them are used for payments.',
    notes: ['payer'],
  },
  {
    clause: 'Art. 5(1)(b–d)',
    asks: 'a code is specific to amount and payee; any change makes it invalid',
    by: 'policy',
    rules: [saysWhetherPayment],
    answer: 'A check with another transaction than the one that was bound is wrong.',
    notes: ['bound', 'linked'],
  },
];
