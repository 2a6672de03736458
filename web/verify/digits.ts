const aDigit = /\p{Nd}/u;

/** Digits of any script as ASCII. Unicode keeps the ten of a script side by side, with nothing between two scripts. */
export function asciiDigits(text: string): string {
  return text.replace(/\p{Nd}/gu, (digit) => {
    const point = digit.codePointAt(0) ?? 0;
    let zero = point;
    while (point - zero < 9 && aDigit.test(String.fromCodePoint(zero - 1))) zero -= 1;
    return String(point - zero);
  });
}
