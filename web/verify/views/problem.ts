import type { Problem } from '../contract';
import type { Words } from '../words';
import { clock, form, number, plain } from './text';
import type { Shown } from './ui';

/** The field that a problem belongs to; null: the whole form. */
export function fieldOf(problem: Problem | null): 'number' | 'country' | 'code' | null {
  const [subject] = problem?.split('_') ?? [];
  return subject === 'number' || subject === 'country' || subject === 'code' ? subject : null;
}

/** `code_wrong` has its sentence in `codeWrong`. */
function wordFor(problem: Problem): keyof Words['errors'] {
  return problem.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()) as keyof Words['errors'];
}

/** How many characters were typed, without what does not count. */
const typedCount = (code: string) => code.replace(/[\s\p{Pd}\p{Cf}]/gu, '').length;

export function sentenceOf({ view, words, ui }: Shown): string | null {
  const { locale, checksLeft } = view;
  const until = view.until ?? view.resendAt;
  const problem = ui.problem === 'too_soon' && until === null ? 'busy' : ui.problem;
  if (problem === null) return null;
  const said = words.errors[wordFor(problem)];
  const left = checksLeft ?? 2;
  return plain(typeof said === 'string' ? said : form(said, left, locale), {
    brand: view.brand.name,
    length: number(view.codeLength, locale),
    count: number(problem === 'code_incomplete' ? typedCount(ui.code) : left, locale),
    time: until === null ? '' : clock(until, locale, ui),
  });
}
