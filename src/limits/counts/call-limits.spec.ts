import { CallLimits, type CountedCall } from './call-limits';
import { Fingerprints } from './fingerprints';
import { defaultLimits, type LimitSubject } from './limit';

/** Counts what is hashed; a fingerprint tells its fields. */
function setup() {
  const clock = { ms: 0 };
  const hashed: string[][] = [];
  const fingerprints = new Fingerprints((...fields) => {
    hashed.push(fields);
    const bytes = Buffer.alloc(32);
    bytes.writeUIntBE(hashed.length, 0, 6);
    return bytes;
  });
  return { clock, hashed, limits: new CallLimits(fingerprints, { monotonic: () => clock.ms }) };
}

const settings = { limits: {} };
const call = (change: Partial<CountedCall> = {}): CountedCall => ({
  applicationId: 'app',
  number: '+34600123456',
  country: 'ES',
  clientIp: '203.0.113.7',
  deviceId: 'device',
  settings,
  ...change,
});

describe('the limits of a call', () => {
  it('are found once for its create and its check', () => {
    const { limits, hashed } = setup();
    const first = limits.on(call());
    const { length } = hashed;
    expect(length).toBeGreaterThan(8);
    expect(limits.on(call())).toEqual(first);
    expect(hashed.length).toBe(length);
  });

  // Catches: one person counted as another, because a field is not part of what is remembered.
  it.each<Partial<CountedCall>>([
    { applicationId: 'other' },
    { number: '+34600123457' },
    { country: 'FR' },
    { clientIp: '203.0.113.8' },
    { deviceId: 'another' },
    { clientIp: null },
    { deviceId: null },
  ])('are those of %j, whoever came before', (change) => {
    const { limits } = setup();
    const before = limits.on(call());
    const keys = (found: ReturnType<typeof limits.on>) => found.map(({ cell }) => cell?.key ?? null);
    const alone = limits.on(call(change));
    expect(keys(alone)).not.toEqual(keys(before));
  });

  // Catches: settings that were changed a moment ago and do not hold yet.
  it('are those of the settings as they are now', () => {
    const { limits } = setup();
    const max = (found: ReturnType<typeof limits.on>) =>
      found.find(({ limit }) => limit.name === 'number')?.limit.max;
    expect(max(limits.on(call()))).toBe(5);
    expect(max(limits.on(call({ settings: { limits: { number: { max: 1 } } } })))).toBe(1);
  });

  it('that count by the same share a key, in whatever order they name it', () => {
    const { limits, hashed } = setup();
    const off = Object.fromEntries(Object.keys(defaultLimits).map((name) => [name, { disabled: true }]));
    const own = (by: readonly LimitSubject[], windowSeconds: number) => ({ by, windowSeconds, max: 1 });
    const found = limits.on(
      call({
        settings: {
          limits: {
            ...off,
            a: own(['number', 'ip'], 60),
            b: own(['ip', 'number'], 600),
            c: own(['number'], 60),
          },
        },
      }),
    );
    const [a, b, c] = found.map(({ cell }) => cell);
    expect(a).toEqual({ key: b?.key, windowSeconds: 60 });
    expect(b?.windowSeconds).toBe(600);
    expect(c?.key).not.toBe(a?.key);
    expect(hashed.length).toBe(2);
  });

  it('of certain countries hold for those alone', () => {
    const { limits } = setup();
    const only = {
      limits: { spain: { by: ['number'], max: 1, windowSeconds: 60, countries: ['ES'] } },
    } as const;
    const names = (country: string | null) =>
      limits.on(call({ country, settings: only })).map(({ limit }) => limit.name);
    expect(names('ES')).toContain('spain');
    expect(names('FR')).not.toContain('spain');
    expect(names(null)).not.toContain('spain');
  });

  it('have nothing to count by where the call does not say it', () => {
    const { limits } = setup();
    const cells = new Map(
      limits.on(call({ clientIp: null })).map(({ limit, cell }) => [limit.name, cell] as const),
    );
    expect([cells.get('ip'), cells.get('ipNetwork')]).toEqual([null, null]);
    expect(cells.get('number')).toMatchObject({ windowSeconds: 600 });
  });

  // Catches: a number that is remembered for good, or a country that is hashed for every send.
  it('by what is rare are hashed again for another send, those by what is common are not', () => {
    const { limits, hashed } = setup();
    limits.on(call());
    const { length } = hashed;
    limits.on(call({ number: '+34600999999', clientIp: '198.51.100.1', deviceId: 'another' }));
    const again = hashed.slice(length).map((fields) => fields[1]);
    expect(again).toContain('number');
    expect(again).not.toEqual(expect.arrayContaining(['country']));
    expect(again).not.toEqual(expect.arrayContaining(['application']));
    limits.on(call({ number: '+34600999999', country: 'FR' }));
    limits.on(call({ number: '+34600999999', country: 'FR', deviceId: null }));
    expect(hashed.filter((fields) => fields.includes('FR')).length).toBe(1);
  });

  // Catches: numbers that live on in memory.
  it('are forgotten after a minute', () => {
    const { limits, hashed, clock } = setup();
    limits.on(call());
    const { length } = hashed;
    clock.ms = 60_000;
    limits.on(call());
    expect(hashed.length).toBeGreaterThan(length);
  });

  // Catches: numbers whose code was typed that live on for a minute, and a call that is done with that is hashed anew.
  it('are forgotten with the last look at a call, which is the same as the one before', () => {
    const { limits, hashed } = setup();
    const first = limits.on(call());
    const { length } = hashed;
    expect(limits.lastOn(call())).toEqual(first);
    expect(hashed.length).toBe(length);
    limits.on(call());
    expect(hashed.length).toBeGreaterThan(length);
  });

  it('are found, and not remembered, by a last look that comes first', () => {
    const { limits, hashed } = setup();
    expect(limits.lastOn(call()).length).toBeGreaterThan(8);
    const { length } = hashed;
    limits.on(call());
    expect(hashed.length).toBeGreaterThan(length);
  });
});
