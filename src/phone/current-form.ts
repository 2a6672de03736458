/**
 * Numbering plans change, address books do not. What a plan dropped is dropped from a number: the digits that are left
 * are the number of the same phone, so it has one form and one slot. What a plan added is not guessed: such a number is
 * refused as `outdated_format`, because only its owner knows what became of it.
 */

interface Rewriting {
  readonly from: RegExp;
  readonly to: string;
}

/** By calling code. */
const dropped: Readonly<Record<string, readonly Rewriting[]>> = {
  // Mexico, 3 August 2019: 1 behind +52, and 01, 02, 044 and 045 at home, lead nowhere any more; all have ten digits.
  '52': [{ from: /^(?:0(?:[12]|4[45])|1)(\d{10})$/, to: '$1' }],
  // Argentina: a mobile number has 9 in front from abroad or 15 behind the area code at home. Some books have both, or
  // the 0 of the area code behind the 9. Without the 9, the library turns a 15 into it.
  '54': [
    { from: /^90?(\d{12})$/, to: '$1' },
    { from: /^90(\d{10})$/, to: '9$1' },
  ],
  // Colombia: the 0 in front is not dialled any more; the library takes the 03 of a mobile number for a carrier's code.
  '57': [{ from: /^0(\d{10})$/, to: '$1' }],
  // Chile, 2013 to 2016: 09 before a mobile number at home became 9; the zero is gone.
  '56': [{ from: /^0(9\d{8})$/, to: '$1' }],
};

/** What the number behind the calling code may be without what its plan dropped; none where nothing is to drop. */
export function withoutDropped(callingCode: string, national: string): readonly string[] {
  return rewritten(dropped[callingCode], national);
}

/** Forms in E.164 that the library takes for two numbers though they are one phone. */
const twins: readonly Rewriting[] = [
  // Gabon, until 2019: seven digits from abroad, with a zero in front at home, and both from both.
  { from: /^\+241([2-7]\d{6})$/, to: '+2410$1' },
  // San Marino is an area of Italy's plan as well.
  { from: /^\+39(0549\d{6})$/, to: '+378$1' },
];

/** The one of the two forms that counts, or null for a number that has only one. */
export function twinOf(e164: string): string | null {
  return rewritten(twins, e164)[0] ?? null;
}

/** Into a form that is in the plan today; whether it is the same phone nobody but its owner can say. */
const added: Readonly<Record<string, readonly Rewriting[]>> = {
  // Brazil, 2012 to 2016: mobile numbers got a 9 behind the area code.
  '55': [{ from: /^(\d\d)([6-9]\d{7})$/, to: '$19$2' }],
  // Côte d'Ivoire, 31 January 2021: two digits by operator and kind.
  '225': ['01', '05', '07', '21', '25', '27'].map((digits) => ({ from: /^(\d{8})$/, to: `${digits}$1` })),
  // Benin, 30 November 2024: 01 in front of all.
  '229': [{ from: /^(\d{8})$/, to: '01$1' }],
  // Vietnam, 2018: mobile numbers of ten digits behind the zero lost one, and got another beginning.
  '84': [
    { from: /^12[0-9](\d{7})$/, to: '70$1' },
    { from: /^16([2-9]\d{7})$/, to: '3$1' },
    { from: /^18[689](\d{7})$/, to: '56$1' },
    { from: /^199(\d{7})$/, to: '59$1' },
  ],
};

/** What the number may be called today, if it is in a form from before its plan got more digits. */
export function withAdded(callingCode: string, national: string): readonly string[] {
  return rewritten(added[callingCode], national);
}

function rewritten(rewritings: readonly Rewriting[] = [], national: string): string[] {
  return rewritings
    .filter(({ from }) => from.test(national))
    .map(({ from, to }) => national.replace(from, to));
}
