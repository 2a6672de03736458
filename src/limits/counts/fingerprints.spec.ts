import { Fingerprints } from './fingerprints';

function setup(bytes: (fields: string[]) => Buffer = (fields) => Buffer.from(fields.join('').padEnd(6))) {
  const hashed: string[][] = [];
  const fingerprints = new Fingerprints((...fields) => {
    hashed.push(fields);
    return bytes(fields);
  });
  return { fingerprints, hashed };
}

describe('a fingerprint', () => {
  it('is the first 48 bits of the keyed hash', () => {
    const { fingerprints } = setup(() => Buffer.from('00000000010203ff', 'hex'));
    expect(fingerprints.of(['a'])).toBe(0x1_02);
  });

  // Catches: a key that is taken for an empty cell.
  it('is never 0', () => {
    const { fingerprints } = setup(() => Buffer.alloc(32));
    expect(fingerprints.of(['a'])).toBe(1);
  });

  it('of what comes again is hashed once, others are hashed each time', () => {
    const { fingerprints, hashed } = setup();
    expect(fingerprints.remembered(['a', 'b'])).toBe(fingerprints.remembered(['a', 'b']));
    expect(hashed).toEqual([['a', 'b']]);
    fingerprints.of(['a', 'b']);
    expect(hashed.length).toBe(2);
  });

  it('is told from one whose fields join to the same', () => {
    const { fingerprints, hashed } = setup();
    fingerprints.remembered(['a', 'b']);
    fingerprints.remembered(['ab']);
    expect(hashed).toEqual([['a', 'b'], ['ab']]);
  });

  // Catches: memory without a bound.
  it('is forgotten with all others when there are 20,000', () => {
    const { fingerprints, hashed } = setup();
    for (let n = 0; n < 20_000; n++) fingerprints.remembered([String(n)]);
    fingerprints.remembered(['0']);
    expect(hashed.length).toBe(20_000);
    fingerprints.remembered(['one more']);
    fingerprints.remembered(['0']);
    expect(hashed.length).toBe(20_002);
    fingerprints.remembered(['one more']);
    expect(hashed.length).toBe(20_002);
  });
});
