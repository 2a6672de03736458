/** A text with gaps, prepared so that filling it costs next to nothing. */
export interface Wording {
  /** One more than gaps. */
  readonly literals: readonly string[];
  readonly gaps: readonly Gap[];
}

/** What differs from message to message. */
export interface GapValues {
  readonly code: string;
  readonly amount: string;
  readonly currency: string;
  readonly payee: string;
  /** The code sign by sign. */
  readonly digits: string;
  /** How long the code still works: "10 min", by voice "10 minutes". */
  readonly duration: string;
}
export type Gap = keyof GapValues;

const gapNames: ReadonlySet<string> = new Set<Gap>([
  'code',
  'amount',
  'currency',
  'payee',
  'digits',
  'duration',
]);
const isGap = (name: string): name is Gap => gapNames.has(name);

/** `constants` are put in as they are: a value with braces in it stays a value. */
export function prepare(text: string, constants: Readonly<Record<string, string>>): Wording {
  const literals = [''];
  const gaps: Gap[] = [];
  // Every second piece is a name.
  text.split(/\{(\w+)\}/).forEach((piece, index) => {
    if (index % 2 === 1 && isGap(piece)) {
      gaps.push(piece);
      literals.push('');
    } else {
      const more = index % 2 === 1 ? (constants[piece] ?? '') : piece;
      literals.push((literals.pop() ?? '') + more);
    }
  });
  return { literals, gaps };
}

export function fill({ literals, gaps }: Wording, values: GapValues): string {
  let text = literals[0] ?? '';
  for (let at = 0; at < gaps.length; at++) {
    const gap = gaps[at];
    text += (gap === undefined ? '' : values[gap]) + (literals[at + 1] ?? '');
  }
  return text;
}
