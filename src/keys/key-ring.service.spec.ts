import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import fc from 'fast-check';
import { aKeyRing, secretsText } from '../../test/builders/key-ring';
import type { Clock } from '../common/clock';
import { StartupError } from '../database/startup-error';
import { type CodeFields, KeyRing } from './key-ring.service';

const start = Date.parse('2026-01-01T00:00:00Z');
const fields: CodeFields = {
  applicationId: 'app',
  verificationId: 'verification',
  transactionDigest: null,
  code: '482915',
};
const binding = { slotId: 'slot', field: 'code', verificationId: 'verification' };

function aClock(): Clock & { advance(ms: number): void } {
  let passed = 0;
  return { now: () => start + passed, monotonic: () => passed, advance: (ms) => void (passed += ms) };
}

function setup(ring: Parameters<typeof secretsText>[0] = [{ kid: 'k1' }]) {
  const clock = aClock();
  const file = { text: secretsText(ring), reads: 0 };
  const counted = {
    get text() {
      file.reads++;
      return file.text;
    },
  };
  const keys = aKeyRing(counted, clock);
  file.reads = 0;
  return { keys, clock, file };
}

beforeAll(() => Logger.overrideLogger(false));

describe('names and digests', () => {
  const { keys } = setup();

  it('are 256 bits in base64url', () => {
    expect(keys.slotName('app', 'login', '+34600000000').key).toMatch(/^[\w-]{43}$/);
    expect(keys.recipientKey('app', '+34600000000')).toMatch(/^[\w-]{43}$/);
    expect(keys.digest('transaction', 'a', 'b')).toHaveLength(32);
  });

  it('differ by every field, by use, and by where one field ends', () => {
    const all = [
      keys.slotName('app', 'login', '+34600000000').key,
      keys.slotName('app2', 'login', '+34600000000').key,
      keys.slotName('app', 'payment', '+34600000000').key,
      keys.slotName('app', 'login', '+34600000001').key,
      keys.slotName('applogin', '', '+34600000000').key,
      keys.recipientKey('app', '+34600000000'),
      keys.recipientKey('app+', '34600000000'),
      ...(['transaction', 'idempotency-key', 'idempotency-fingerprint'] as const).flatMap((label) => [
        keys.digest(label, 'app', '+34600000000').toString('base64url'),
        keys.digest(label, 'app+', '34600000000').toString('base64url'),
        keys.digest(label, 'app', 'login', '+34600000000').toString('base64url'),
      ]),
    ];
    expect(new Set(all).size).toBe(all.length);
  });

  it('outlive a rotation and a restart, and change with the index key', () => {
    const rotated = setup([{ kid: 'k1' }, { kid: 'k2' }]).keys;
    const foreign = aKeyRing({ text: secretsText([{ kid: 'k1' }], 'another index') });
    expect(rotated.slotName('a', 'b', 'c').key).toBe(keys.slotName('a', 'b', 'c').key);
    expect(rotated.digest('transaction', 'a')).toEqual(keys.digest('transaction', 'a'));
    expect(rotated.indexFingerprint()).toBe(keys.indexFingerprint());
    expect(foreign.slotName('a', 'b', 'c').key).not.toBe(keys.slotName('a', 'b', 'c').key);
    expect(foreign.indexFingerprint()).not.toBe(keys.indexFingerprint());
  });

  // A change here makes every stored slot unreachable: the derivation is part of the data format. The values come
  // from another implementation of HKDF and HMAC.
  it('are what they were in the first version', () => {
    expect(keys.slotName('app', 'login', '+34600000000').key).toBe(
      'Xyq4y-mv4-2hlWNzg6ES5-hvuePPtpBKJMrU1dvDPUM',
    );
    expect(keys.codeMac('k1', fields).toString('base64url')).toBe(
      'X3HbHrBDiyzoDI6jiu64BBDtNFyCtjyNXwakPnM5SOM',
    );
    expect(keys.indexFingerprint()).toBe('GE8ow5OVKHDMInTvTJOTyCGw_iWwCcHktRQ5L6WNuFY');
  });
});

describe('the MAC of a code', () => {
  const { keys } = setup([{ kid: 'k1' }, { kid: 'k2' }]);

  it('is 32 bytes and always the same for the same fields', () => {
    expect(keys.codeMac('k1', fields)).toHaveLength(32);
    expect(keys.codeMac('k1', fields)).toEqual(keys.codeMac('k1', { ...fields }));
  });

  // Safety: fails for each field that is left out of the MAC.
  it.each<[string, Partial<CodeFields>]>([
    ['application', { applicationId: 'other' }],
    ['verification', { verificationId: 'other' }],
    ['transaction', { transactionDigest: Buffer.alloc(32, 1) }],
    ['transaction that is empty', { transactionDigest: Buffer.alloc(0) }],
    ['code', { code: '482916' }],
    ['code with one more digit', { code: '4829150' }],
    ['split of the same letters', { applicationId: 'appv', verificationId: 'erification' }],
  ])('changes with another %s', (_what, change) => {
    expect(keys.codeMac('k1', { ...fields, ...change })).not.toEqual(keys.codeMac('k1', fields));
  });

  it('changes with the key', () => {
    expect(keys.codeMac('k1', fields)).not.toEqual(keys.codeMac('k2', fields));
  });

  it('is equal only for equal fields', () => {
    const any = fc.record({
      applicationId: fc.constantFrom('a', 'ab', ''),
      verificationId: fc.constantFrom('b', 'bc', ''),
      transactionDigest: fc.constantFrom(null, Buffer.alloc(32), Buffer.alloc(0)),
      code: fc.constantFrom('c', '', 'bc'),
    });
    fc.assert(
      fc.property(any, any, (one, other) => {
        const equal = JSON.stringify(one) === JSON.stringify(other);
        expect(keys.codeMac('k1', one).equals(keys.codeMac('k1', other))).toBe(equal);
      }),
      { numRuns: 500 },
    );
  });

  it('is given for every key of the ring', () => {
    expect(keys.codeMacs(fields)).toEqual([
      { kid: 'k1', mac: keys.codeMac('k1', fields) },
      { kid: 'k2', mac: keys.codeMac('k2', fields) },
    ]);
  });
});

describe('the key that signs', () => {
  it('is the newest whose time has come, to the millisecond', () => {
    const { keys, clock } = setup([{ kid: 'old' }, { kid: 'new', signFrom: '2026-01-01T00:01:00Z' }]);
    clock.advance(59_999);
    expect(keys.current()).toBe('old');
    clock.advance(1);
    expect(keys.current()).toBe('new');
  });

  it('is the last one of the file among those without a time', () => {
    expect(setup([{ kid: 'a' }, { kid: 'b' }]).keys.current()).toBe('b');
  });

  it('must exist: a ring whose keys all lie ahead is refused', () => {
    expect(() => setup([{ kid: 'a', signFrom: '2026-01-01T00:00:01Z' }])).toThrow(
      'every signFrom lies ahead',
    );
  });

  it('is the first one when the clock was set back behind all', () => {
    const { keys, clock } = setup([{ kid: 'a', signFrom: '2025-12-31T00:00:00Z' }]);
    clock.advance(-7 * 86_400_000);
    expect(keys.current()).toBe('a');
  });
});

describe('rotation', () => {
  it('refuses no valid check: a key added ahead of its time is known everywhere before it signs', async () => {
    const file = { text: secretsText([{ kid: 'old' }]) };
    const clock = aClock();
    const instances = [aKeyRing(file, clock), aKeyRing(file, clock)] as const;
    const made: { kid: string; mac: Buffer; sealed: Buffer }[] = [];
    const makeOn = (keys: (typeof instances)[0]) => {
      const kid = keys.current();
      made.push({ kid, mac: keys.codeMac(kid, fields), sealed: keys.seal(kid, binding, '482915') });
    };

    makeOn(instances[0]);
    file.text = secretsText([{ kid: 'old' }, { kid: 'new', signFrom: '2026-01-01T00:00:30Z' }]);
    await instances[0].reload();
    makeOn(instances[0]);
    clock.advance(10_000);
    await instances[1].reload();
    makeOn(instances[1]);
    clock.advance(20_000);
    for (const keys of instances) makeOn(keys);

    expect(made.map(({ kid }) => kid)).toEqual(['old', 'old', 'old', 'new', 'new']);
    for (const keys of instances)
      for (const { kid, mac, sealed } of made) {
        expect(keys.codeMacs(fields)).toContainEqual({ kid, mac });
        expect(keys.open(kid, binding, sealed).toString()).toBe('482915');
      }
  });

  it('recognises a key that was removed', async () => {
    const { keys, file } = setup([{ kid: 'old' }, { kid: 'new' }]);
    const sealed = keys.seal('old', binding, '482915');
    file.text = secretsText([{ kid: 'new' }]);
    await keys.reload();
    expect(keys.knows('old')).toBe(false);
    expect(keys.kids()).toEqual(['new']);
    expect(() => keys.open('old', binding, sealed)).toThrow(expect.objectContaining({ code: 'unavailable' }));
    expect(() => keys.codeMac('old', fields)).toThrow(expect.objectContaining({ code: 'unavailable' }));
  });
});

describe('opening the file', () => {
  it.each([
    ['does not exist', join(__dirname, 'no-such-file.json'), 'the file does not exist'],
    ['is a folder', __dirname, 'the file cannot be read (EISDIR)'],
    ['holds no secrets', __filename, 'is not valid JSON'],
  ])('names SECRETS_FILE when it %s', async (_what, file, problem) => {
    await expect(KeyRing.open(file, aClock())).rejects.toThrow(
      new StartupError(`SECRETS_FILE (${file}): ${problem}.`, 78),
    );
  });
});

describe('reload', () => {
  it('finds a key that another instance already uses', async () => {
    const { keys, file } = setup();
    file.text = secretsText([{ kid: 'k1' }, { kid: 'k2' }]);
    expect(keys.knows('k2')).toBe(false);
    await keys.reload();
    expect(keys.knows('k2')).toBe(true);
  });

  // Safety: fails without the bound; an attacker with made-up ids could otherwise keep the disk busy.
  it('reads at most once per second, however often it is called', async () => {
    const { keys, clock, file } = setup();
    await Promise.all(Array.from({ length: 50 }, () => keys.reload()));
    clock.advance(999);
    await keys.reload();
    expect(file.reads).toBe(1);
    clock.advance(1);
    await keys.reload();
    expect(file.reads).toBe(2);
  });

  // Safety: fails when a second caller returns before the file was read; its check would be refused for nothing.
  it('lets everybody wait for the one reading that is under way', async () => {
    let give: (text: string) => void = () => undefined;
    const keys = new KeyRing(secretsText(), aClock(), () => new Promise((resolve) => (give = resolve)));
    const seen: boolean[] = [];
    const callers = [1, 2, 3].map(() => keys.reload().then(() => seen.push(keys.knows('k2'))));
    await new Promise(setImmediate);
    expect(seen).toEqual([]);
    give(secretsText([{ kid: 'k1' }, { kid: 'k2' }]));
    await Promise.all(callers);
    expect(seen).toEqual([true, true, true]);
  });

  it('happens by itself every 10 s from the start of the server to its end', async () => {
    jest.useFakeTimers();
    try {
      const { keys, file } = setup();
      keys.onApplicationBootstrap();
      await jest.advanceTimersByTimeAsync(9_999);
      expect(file.reads).toBe(0);
      file.text = secretsText([{ kid: 'k1' }, { kid: 'k2' }]);
      await jest.advanceTimersByTimeAsync(1);
      expect(keys.knows('k2')).toBe(true);
      keys.onModuleDestroy();
      await jest.advanceTimersByTimeAsync(60_000);
      expect(file.reads).toBe(1);
    } finally {
      jest.useRealTimers();
    }
  });

  // Safety: the second row fails when an index key is adopted, the others when the ring is replaced before it is checked.
  it.each([
    ['is cut in the middle of a write', secretsText().slice(0, 40), 'is not valid JSON'],
    [
      'has another index key',
      secretsText([{ kid: 'k1' }], 'another index'),
      'index is another key than at the start',
    ],
    [
      'has no key that signs',
      secretsText([{ kid: 'k9', signFrom: '2030-01-01T00:00:00Z' }]),
      'every signFrom lies ahead',
    ],
    ['has an empty ring', secretsText([]), 'ring is empty'],
  ])('keeps the old ring and says so when the file %s', async (_what, text, problem) => {
    const { keys, clock, file } = setup();
    const before = keys.codeMac('k1', fields);
    file.text = text;
    await keys.reload();
    expect(keys.problem()).toContain(problem);
    expect(keys.codeMac('k1', fields)).toEqual(before);

    file.text = secretsText();
    clock.advance(1_000);
    await keys.reload();
    expect(keys.problem()).toBeNull();
  });
});
