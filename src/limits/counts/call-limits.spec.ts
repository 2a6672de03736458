import { CallLimits, type CountedCall } from './call-limits';
import { Fingerprints } from './fingerprints';

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

  // Catches: numbers that live on in memory.
  it('are forgotten after a minute', () => {
    const { limits, hashed, clock } = setup();
    limits.on(call());
    const { length } = hashed;
    clock.ms = 60_000;
    limits.on(call());
    expect(hashed.length).toBeGreaterThan(length);
  });
});
