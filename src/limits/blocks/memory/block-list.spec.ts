import type { Block, BlockKind, ListName } from '../block';
import { BlockList, type Subject } from './block-list';

const NOW = Date.UTC(2026, 0, 1);

const entry = (list: ListName, kind: BlockKind, key: string, expiresAt: number | null = null): Block => ({
  id: `${list} ${kind} ${key}`,
  applicationId: 'app',
  list,
  kind,
  key,
  shown: null,
  reason: 'test',
  origin: 'api',
  author: 'key:k',
  createdAt: new Date(NOW),
  expiresAt: expiresAt === null ? null : new Date(expiresAt),
});

const subject = (change: Partial<Subject> = {}): Subject => ({
  e164: '+34600123456',
  country: 'ES',
  clientIp: '192.0.2.7',
  numberKey: () => 'number',
  deviceKey: () => 'device',
  ...change,
});

function found(entries: readonly Block[], change: Partial<Subject> = {}, now = NOW): string | null {
  const list = new BlockList();
  entries.forEach((one) => list.put(one));
  return list.find(subject(change), now)?.id ?? null;
}

describe('the lists of an application', () => {
  it.each<[BlockKind, string]>([
    ['number', 'number'],
    ['device', 'device'],
    ['ip', '192.0.2.7/32'],
    ['ip', '192.0.2.0/24'],
    ['prefix', '+34600'],
    ['country', 'ES'],
  ])('find a send by its %s %s', (kind, key) => {
    expect(found([entry('block', kind, key)])).toBe(`block ${kind} ${key}`);
  });

  it.each<[string, BlockKind, string, Partial<Subject>]>([
    ['another number', 'number', 'other', {}],
    ['another device', 'device', 'other', {}],
    ['no device', 'device', 'device', { deviceKey: () => null }],
    ['another address', 'ip', '192.0.2.8/32', {}],
    ['no address', 'ip', '0.0.0.0/0', { clientIp: null }],
    ['what is no address', 'ip', '0.0.0.0/0', { clientIp: 'unknown' }],
    ['an address of the other family', 'ip', '::/0', {}],
    ['a prefix of other numbers', 'prefix', '+34601', {}],
    ['another country', 'country', 'FR', {}],
    ['a number of no country', 'country', 'ES', { country: null }],
  ])('find nothing for %s', (_, kind, key, change) => {
    expect(found([entry('block', kind, key)], change)).toBeNull();
  });

  it.each(['::ffff:192.0.2.7', '64:ff9b::c000:207', '2002:c000:207::1'])(
    'know 192.0.2.7 also where it comes as %s',
    (clientIp) => expect(found([entry('block', 'ip', '192.0.2.0/24')], { clientIp })).not.toBeNull(),
  );

  it('know IPv6 by any size of network', () => {
    const clientIp = '2001:db8:1:2:3::4';
    for (const key of ['2001:db8:1:2:3::4/128', '2001:db8:1:2::/64', '2001:db8::/32'])
      expect(found([entry('block', 'ip', key)], { clientIp })).not.toBeNull();
    expect(found([entry('block', 'ip', '2001:db8:1:3::/64')], { clientIp })).toBeNull();
  });

  const narrow: readonly (readonly [BlockKind, string])[] = [
    ['number', 'number'],
    ['device', 'device'],
    ['ip', '192.0.2.7/32'],
    ['ip', '192.0.2.0/24'],
    ['prefix', '+34600123'],
    ['prefix', '+34'],
    ['country', 'ES'],
  ];
  const pairs = narrow.flatMap((one, at) => narrow.slice(at + 1).map((broad) => [one, broad] as const));

  // Catches: any other order of the kinds, of prefixes or of networks; lists asked one after the other.
  it.each(pairs)('go by %j rather than by %j, whichever of them allows', (one, broad) => {
    for (const [first, second] of [
      ['block', 'allow'],
      ['allow', 'block'],
    ] as const) {
      const entries = [entry(first, ...one), entry(second, ...broad)];
      expect(found(entries)).toBe(entries[0]!.id);
      expect(found(entries.reverse())).toBe(entries[1]!.id);
    }
  });

  // Catches: an allow entry that was made long ago and outlives the STOP of the person.
  it.each(narrow)('block a %s that is on both lists: a STOP holds', (kind, key) => {
    expect(found([entry('allow', kind, key), entry('block', kind, key)])).toBe(`block ${kind} ${key}`);
  });

  // Catches: `<=`; an end that is not looked at.
  it('forget an entry at its end, to the millisecond, and then go by the broader one', () => {
    const entries = [entry('block', 'number', 'number', NOW), entry('allow', 'country', 'ES')];
    expect(found(entries, {}, NOW - 1)).toBe('block number number');
    expect(found(entries, {}, NOW)).toBe('allow country ES');
  });

  it('let the entry of the other list stay when one is removed', () => {
    const list = new BlockList();
    const [block, allow] = [entry('block', 'ip', '192.0.2.7/32'), entry('allow', 'ip', '192.0.2.7/32')];
    list.put(block);
    list.put(allow);
    list.remove(block.id);
    expect(list.find(subject(), NOW)).toBe(allow);
    list.remove(allow.id);
    list.remove(allow.id);
    expect([list.find(subject(), NOW), list.size]).toEqual([null, 0]);
  });

  it('drop what has ended when they are pruned, and nothing else', () => {
    const list = new BlockList();
    list.put(entry('block', 'country', 'ES', NOW));
    list.put(entry('block', 'country', 'FR', NOW + 1));
    list.prune(NOW);
    expect(list.size).toBe(1);
  });

  // Catches: two HMACs for every send of an application that has only a country on its list.
  it('make no HMAC unless they have an entry to compare it with', () => {
    const list = new BlockList();
    list.put(entry('block', 'country', 'FR'));
    const never = () => {
      throw new Error('made an HMAC');
    };
    expect(list.find(subject({ numberKey: never, deviceKey: never }), NOW)).toBeNull();
  });
});
