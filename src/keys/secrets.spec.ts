import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { secretsText, testKey } from '../../test/builders/key-ring';
import { parseSecrets, renderSecrets, SecretsFileError } from './secrets';

const index = testKey('index');
const key = testKey('k1');

function problemsOf(file: unknown): readonly string[] {
  try {
    parseSecrets(typeof file === 'string' ? file : JSON.stringify(file));
  } catch (error) {
    if (error instanceof SecretsFileError) return error.problems;
    throw error;
  }
  return [];
}

describe('parseSecrets', () => {
  it('reads keys in either base64, with or without padding', () => {
    const bytes = Buffer.alloc(32, 0xfb);
    const spellings = [
      bytes.toString('base64'),
      bytes.toString('base64url'),
      bytes.toString('base64').replace('=', ''),
    ];
    for (const spelling of spellings)
      expect(
        parseSecrets(JSON.stringify({ index, ring: [{ kid: 'a', key: spelling }] })).ring[0]!.key,
      ).toEqual(bytes);
  });

  it('sorts the ring by the time from which its keys sign', () => {
    const { ring } = parseSecrets(
      secretsText([
        { kid: 'c', signFrom: '2026-03-01T00:00:00+02:00' },
        { kid: 'a' },
        { kid: 'b', signFrom: '2026-02-01T00:00:00Z' },
        { kid: 'z' },
      ]),
    );
    expect(ring.map(({ kid }) => kid)).toEqual(['a', 'z', 'b', 'c']);
  });

  it('reads what it writes', () => {
    const [one, other] = [randomBytes(32), randomBytes(32)];
    expect(parseSecrets(renderSecrets(one, '2026-01-01', other))).toEqual({
      index: one,
      ring: [{ kid: '2026-01-01', key: other, signFrom: -Infinity }],
    });
  });

  it.each([
    ['{', 'is not valid JSON'],
    ['', 'is not valid JSON'],
    [[], 'is not an object'],
    [{ index, ring: [{ kid: 'a', key }], extra: 1 }, 'has properties that are not known'],
    [{ ring: [{ kid: 'a', key }] }, 'index is missing or not text'],
    [{ index: 'AAAA', ring: [{ kid: 'a', key }] }, 'index is shorter than 32 bytes'],
    [{ index: `${index}!`, ring: [{ kid: 'a', key }] }, 'index is not base64'],
    [{ index }, 'ring is missing or not a list'],
    [{ index, ring: [] }, 'ring is empty: at least one key is needed'],
    [{ index, ring: ['x'] }, 'ring[0] is not an object'],
    [{ index, ring: [{ kid: 'a', key, from: 1 }] }, 'ring[0] has properties that are not known'],
    [{ index, ring: [{ key }] }, 'ring[0].kid is missing or not text'],
    [{ index, ring: [{ kid: 'a b', key }] }, 'ring[0].kid must be 1 to 32 letters, digits, "_", "." or "-"'],
    [{ index, ring: [{ kid: 'a' }] }, 'ring[0].key is missing or not text'],
    [
      { index, ring: [{ kid: 'a', key: Buffer.alloc(31, 1).toString('base64') }] },
      'ring[0].key is shorter than 32 bytes',
    ],
    [
      { index, ring: [{ kid: 'a', key, signFrom: 'soon' }] },
      'ring[0].signFrom must be a time such as 2030-01-31T12:00:00Z',
    ],
    [
      {
        index,
        ring: [
          { kid: 'a', key },
          { kid: 'a', key: testKey('k2') },
        ],
      },
      'ring[1].kid is used twice',
    ],
    [
      {
        index,
        ring: [
          { kid: 'a', key },
          { kid: 'b', key },
        ],
      },
      'ring[1].key repeats another key of the file',
    ],
    [{ index, ring: [{ kid: 'a', key: index }] }, 'ring[0].key repeats another key of the file'],
  ])('refuses %j', (file, problem) => {
    expect(problemsOf(file)).toEqual([problem]);
  });

  it('reports every problem at once', () => {
    expect(
      problemsOf({
        index: 'AAAA',
        ring: [
          { kid: 'a', key },
          { kid: '', key: 'AAAA', signFrom: 3 },
        ],
      }),
    ).toHaveLength(4);
  });

  // Safety: fails when the message of the JSON parser is passed on, which quotes the file.
  it('never shows a value', () => {
    const secret = 's3cr3tS3cr3t';
    const broken = fc.constantFrom(
      `{"index": ${secret}`,
      `{"index": "${secret}", "ring": [{"kid": "${secret} ", "key": "${secret}"}]}`,
      JSON.stringify({ index, ring: [{ kid: 'a', key, [secret]: 1, signFrom: secret }] }),
      JSON.stringify({ [secret]: 1, index: { deep: secret }, ring: secret }),
    );
    fc.assert(
      fc.property(broken, (text) => {
        const problems = problemsOf(text);
        expect(problems).not.toEqual([]);
        expect(problems.join()).not.toContain(secret);
      }),
    );
  });
});
