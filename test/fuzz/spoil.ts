import type { SeededRandom } from '../faults/seeded-random';
import {
  hostileStrings,
  hostileValues,
  oddStrings,
  placesIn,
  withRepeatedKey,
  withValue,
} from '../support/hostile';

/** Keys that a parser or a merge may trip over. */
const oddKeys = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  '$ne',
  '$where',
  'a.b',
  '',
  'to\u0000',
  'é',
];

/** Texts of scripts, directions and forms that a program of one language does not expect; numbers that are none. */
const oddWords = [
  '+٣٤٦١٠٠٠٠٠٠٠',
  '１２３４５６',
  'ＦＵＬＬ',
  'e\u0301',
  '\u202e123456',
  '\u200b123456\ufeff',
  '👩‍👩‍👧‍👦'.repeat(20),
  'ß'.repeat(33),
  'İstanbul',
  '1e3',
  '0x10',
  'NaN',
  'Infinity',
  '-0',
  '999999999999999999999999999999',
  '2026-02-30T25:61:61Z',
  '+275760-09-13T00:00:00.001Z',
  '../../etc/passwd',
  '%00',
  '${jndi:ldap://x}',
  "' OR 1=1 --",
];

const hugeNumbers = [2 ** 31, 2 ** 53 + 2, -(2 ** 53), 1e21, 5e-324, 1.7976931348623157e308, 0.1 + 0.2, -0];

export function oddText(random: SeededRandom): string {
  return random.pick([random.pick(oddWords), random.pick(oddStrings), random.pick(hostileStrings)]);
}

const oddValue = (random: SeededRandom): unknown =>
  random.pick<() => unknown>([
    () => random.pick(hostileValues),
    () => random.pick(hugeNumbers),
    () => oddText(random),
  ])();

/** A copy of a body with one to four places made wrong, or odd. */
export function spoiled(body: unknown, random: SeededRandom): unknown {
  let result = body;
  for (let left = random.between(1, 4); left > 0; left--) result = spoiledOnce(result, random);
  return result;
}

function spoiledOnce(body: unknown, random: SeededRandom): unknown {
  const places = placesIn(body);
  if (places.length === 0) return random.chance(0.5) ? oddValue(random) : { [random.pick(oddKeys)]: 1 };
  const place = random.pick(places);
  const found = valueAt(body, place);
  if (Array.isArray(found) && random.chance(0.5)) return withValue(body, place, lengthened(found, random));
  const isObject = typeof found === 'object' && found !== null && !Array.isArray(found);
  if (isObject && random.chance(0.5)) return withValue(body, place, otherKeys(found, random));
  return withValue(body, place, oddValue(random));
}

function valueAt(body: unknown, place: readonly (string | number)[]): unknown {
  return place.reduce<unknown>((value, step) => (value as Record<string | number, unknown>)[step], body);
}

/** The same item many times, or an odd one more. */
function lengthened(list: readonly unknown[], random: SeededRandom): readonly unknown[] {
  if (list.length === 0 || random.chance(0.5)) return [...list, oddValue(random)];
  return Array.from({ length: random.pick([2, 33, 300]) }, () => list[0]);
}

/** One key less, or an odd one more. */
function otherKeys(object: object, random: SeededRandom): object {
  const entries = Object.entries(object);
  if (entries.length > 0 && random.chance(0.5)) {
    const gone = random.below(entries.length);
    return Object.fromEntries(entries.filter((_, index) => index !== gone));
  }
  return Object.fromEntries([...entries, [random.pick(oddKeys), oddValue(random)]]);
}

/** Bytes that are no JSON of that body, or JSON that two parsers read in two ways. */
export function brokenText(body: unknown, random: SeededRandom): string | Buffer {
  const text = JSON.stringify(body) ?? '';
  const places = placesIn(body).filter((place) => typeof place.at(-1) === 'string');
  return random.pick<() => string | Buffer>([
    () => (places.length > 0 ? withRepeatedKey(body, random.pick(places)) : '{"a":1,"a":2}'),
    () => text.slice(0, random.below(text.length + 1)),
    () => `\ufeff${text}`,
    () => `${text}${text}`,
    () => Buffer.concat([Buffer.from(text.slice(0, -1)), Buffer.from([0xff, 0xfe, 0xc0, 0x80])]),
    () => '['.repeat(random.pick([10, 1_000, 20_000])),
    () => `{"to":${'9'.repeat(random.pick([20, 400]))}}`,
    () => text.replaceAll(/"([a-z])/g, '"\\u00$1'),
    () => text.replace('{', '{"__proto__":{"isAdmin":true},'),
    () => text.replace(/:\s*"/, ':1e999,"x":"'),
    () => `/* */${text}`,
    () => text.replaceAll('"', "'"),
    () => '',
    () => 'null',
  ])();
}
