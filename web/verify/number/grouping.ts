/**
 * Groups digits as the country's example does, while they are typed at the end. It never adds, drops or changes a
 * digit, and leaves alone what it does not understand: whoever writes in another way keeps the own way. (Rewriting
 * what is typed was the cause of many a bug report elsewhere; grouping alone, at the end alone, is what is left of it.)
 */
export function grouped(typed: string, example: string | undefined): string {
  if (example === undefined || !/^[\d ()./-]+$/.test(typed)) return typed;
  const digits = typed.replace(/\D/g, '');
  if (digits === '' || digits.startsWith('00')) return typed;
  return laidOut(digits, patternFor(digits, example));
}

/** Without the digit in front that is dialled at home only, where it was not typed. */
function patternFor(digits: string, example: string): string {
  const first = /\d/.exec(example)?.[0] ?? '';
  if (!/^\D*(?:0|8 \()/.test(example) || digits.startsWith(first)) return example;
  const shorter = example.replace(/^\D*\d[\s./-]*/, '');
  const isBalanced = shorter.split('(').length === shorter.split(')').length;
  return isBalanced ? shorter : shorter.replace(/[()]/g, '');
}

function laidOut(digits: string, pattern: string): string {
  let text = '';
  let at = 0;
  for (const sign of pattern) {
    if (at === digits.length) break;
    text += /\d/.test(sign) ? digits.charAt(at++) : sign;
  }
  return text.replace(/\D+$/, (rest) => (at === digits.length ? '' : rest)) + digits.slice(at);
}
