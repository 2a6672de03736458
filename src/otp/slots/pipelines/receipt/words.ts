/** Words that the receipt expressions share. */
import { orElse, size } from '../expressions';
import type { Expression } from '../expressions';

export const FINAL = ['undelivered', 'delivered'];

export const isIn = (value: Expression, list: Expression): Expression => ({ $in: [value, list] });
export const isFinal = (state: Expression): Expression => isIn(orElse(state, null), FINAL);
export const isEarly = (attempt: string): Expression => orElse(`${attempt}.early`, false);
export const last = (array: Expression): Expression => ({ $last: array });
export const first = (array: Expression): Expression => ({ $first: array });
/** `as` is a name of its own, so that conditions may be nested. */
export const filter = (input: Expression, as: string, test: Expression): Expression => ({
  $filter: { input, as, cond: test },
});
export const indexes = (array: Expression): Expression => ({ $range: [0, size(array)] });
export const itemAt = (array: Expression, index: Expression): Expression => ({
  $arrayElemAt: [array, index],
});
