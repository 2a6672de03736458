/**
 * Money as whole millionths of its currency: a text costs fractions of a cent, and sums of binary fractions drift.
 */
export interface Money {
  /** Millionths of the currency; a whole number within ±2^53. */
  readonly micros: number;
  /** ISO 4217 in capitals, or `CREDITS` where a vendor counts in units of its own. */
  readonly currency: string;
}

/** For vendors that sell units of their own. */
export const CREDITS = 'CREDITS';

const DECIMAL = /^(-?)(\d{1,9})(?:\.(\d{1,18}))?$/;
const CURRENCY = /^[A-Z]{3,8}$/;
const MICRO_DIGITS = 6;

/**
 * Reads an amount as vendors and people write it: `0.0345`, `"0.0345"`, `1e-7` is refused. What is finer than
 * a millionth is rounded half up, away from zero. Null for anything that is not such an amount and currency.
 */
export function parseMoney(amount: unknown, currency: unknown): Money | null {
  const code = typeof currency === 'string' ? currency.toUpperCase() : '';
  const micros = microsOf(amount);
  return CURRENCY.test(code) && micros !== null ? { micros, currency: code } : null;
}

function microsOf(amount: unknown): number | null {
  const parts = DECIMAL.exec(textOf(amount));
  if (!parts) return null;
  const [, sign, whole = '', fraction = ''] = parts;
  const micros = Number(whole + fraction.slice(0, MICRO_DIGITS).padEnd(MICRO_DIGITS, '0'));
  const rounded = micros + (Number(fraction[MICRO_DIGITS] ?? '0') >= 5 ? 1 : 0);
  if (!Number.isSafeInteger(rounded)) return null;
  return sign && rounded !== 0 ? -rounded : rounded;
}

/** `0.034500`: six decimals, for people and files. */
export function formatMoney({ micros }: Money): string {
  const digits = String(Math.abs(micros)).padStart(MICRO_DIGITS + 1, '0');
  return `${micros < 0 ? '-' : ''}${digits.slice(0, -MICRO_DIGITS)}.${digits.slice(-MICRO_DIGITS)}`;
}

export function times({ micros, currency }: Money, count: number): Money {
  return { micros: micros * count, currency };
}

function textOf(amount: unknown): string {
  if (typeof amount === 'number') return plainDecimal(amount);
  return typeof amount === 'string' ? amount.trim() : '';
}

/** JavaScript writes small numbers as `5e-7`; vendors never do. */
function plainDecimal(amount: number): string {
  return Number.isFinite(amount) ? amount.toFixed(9).replace(/\.?0+$/, '') : '';
}
