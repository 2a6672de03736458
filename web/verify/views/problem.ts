import type { ComponentChildren } from 'preact';
import type { Problem } from '../contract';
import { counted, fill, number, plain } from './text';
import type { Shown } from './ui';
import { clock } from './text';

type Say = (shown: Shown) => ComponentChildren;

const simple =
  (key: 'numberMissing' | 'numberInvalid' | 'numberTooShort' | 'numberTooLong' | 'countryMissing'): Say =>
  ({ words }) =>
    words.errors[key];

/** How many characters were typed, without what does not count. */
const typedCount = (code: string) => code.replace(/[\s\p{Pd}\p{Cf}]/gu, '').replace(/[^]/gu, '1').length;

const says: Readonly<Record<Problem, Say>> = {
  number_missing: simple('numberMissing'),
  number_invalid: simple('numberInvalid'),
  number_too_short: simple('numberTooShort'),
  number_too_long: simple('numberTooLong'),
  country_missing: simple('countryMissing'),
  country_not_allowed: ({ words, view }) => fill(words.errors.countryNotAllowed, { brand: view.brand.name }),
  number_type: ({ words }) => words.errors.numberType,
  code_incomplete: ({ words, view, ui }) =>
    plain(words.errors.codeIncomplete, {
      length: number(view.codeLength, view.locale),
      count: number(typedCount(ui.code), view.locale),
    }),
  code_wrong: ({ words, view }) => counted(words.errors.codeWrong, view.checksLeft ?? 2, view.locale),
  code_wrong_last: ({ words }) => words.errors.codeWrongLast,
  too_soon: ({ words, view, ui }) => {
    const until = view.until ?? view.resendAt;
    return until === null
      ? words.errors.busy
      : plain(words.errors.tooSoon, { time: clock(until, view.locale, ui) });
  },
  limit: ({ words }) => words.errors.limit,
  challenge_failed: ({ words }) => words.errors.challengeFailed,
  unavailable: ({ words }) => words.errors.unavailable,
  busy: ({ words }) => words.errors.busy,
};

const ofField = { country_missing: 'country', country_not_allowed: 'country' } as const;

/** The field that a problem belongs to; the others are of the whole form. */
export function fieldOf(problem: Problem | null): 'number' | 'country' | 'code' | null {
  if (problem === null) return null;
  if (problem in ofField) return 'country';
  if (problem.startsWith('number_')) return 'number';
  return problem.startsWith('code_') ? 'code' : null;
}

export function sentenceOf(shown: Shown): ComponentChildren {
  const { problem } = shown.ui;
  return problem === null ? null : says[problem](shown);
}
