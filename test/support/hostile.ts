/** What attackers and broken clients put where a value is expected, and where in a body it can be put. */

/** Built of whatever JSON can say, and of the operators of a database. */
export const hostileValues: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  1e308,
  [],
  [null],
  ['a'],
  [['a']],
  {},
  { $ne: null },
  { $gt: '' },
  { $regex: '.*' },
  { $where: 'sleep(1000)' },
  { $function: { body: 'return true', args: [], lang: 'js' } },
  { length: 6, toString: 'x' },
  { length: { toString: 'x' } },
  { a: { a: { a: { a: 'deep' } } } },
];

/** Strings that no field of this API takes: nothing here is a word, a number or a text for people. */
export const hostileStrings: readonly string[] = [
  'x'.repeat(10_000),
  'a\u0000b',
  '\u001b[31mred',
  'line\r\nbreak: 1',
  '\u0085\u009b',
  '\ud800',
  'a\udc00',
];

/** Strings that a field may take or not; the server must only survive them. */
export const oddStrings: readonly string[] = [
  '',
  ' ',
  '$ne',
  '$current.mac',
  '$$NOW',
  '{"$ne":null}',
  '__proto__',
];

type Path = readonly (string | number)[];

/** Every place in a body that holds a value, objects and lists included. */
export function placesIn(value: unknown, at: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [at];
  const inner = Object.keys(value).flatMap((key) => {
    const step = Array.isArray(value) ? Number(key) : key;
    return placesIn((value as Record<string, unknown>)[key], [...at, step]);
  });
  return at.length === 0 ? inner : [at, ...inner];
}

/** A copy of a body with one place changed. */
export function withValue(body: unknown, [step, ...rest]: Path, value: unknown): unknown {
  if (step === undefined) return value;
  const copy: unknown = Array.isArray(body) ? [...(body as unknown[])] : { ...(body as object) };
  const container = copy as Record<string | number, unknown>;
  container[step] = withValue(container[step], rest, value);
  return copy;
}

/** The text of a body in which one property of an object is given twice. */
export function withRepeatedKey(body: unknown, [step, ...rest]: Path): string {
  const inner = (key: string, value: unknown): string =>
    key === String(step) && rest.length > 0 ? withRepeatedKey(value, rest) : JSON.stringify(value);
  if (Array.isArray(body)) return `[${body.map((item, i) => inner(String(i), item)).join()}]`;
  const entries = Object.entries(body as object);
  const pairs = entries.map(([key, value]) => `${JSON.stringify(key)}:${inner(key, value)}`);
  const again = rest.length === 0 ? [`${JSON.stringify(step)}:null`] : [];
  return `{${[...pairs, ...again].join()}}`;
}
