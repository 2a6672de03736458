import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');

/** `===` between two values of which one has the name of something that nobody may guess letter by letter. */
const LEAKING =
  /\b\w*(?:mac|digest|secret|signature|token)(?:\(\))?\s*[!=]==\s*(?!\s|null\b|undefined\b|true\b|false\b|['"\d])/gi;

function sourcesOf(folder: string): [string, string][] {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => name.endsWith('.ts') && !name.endsWith('spec.ts'))
    .map((name) => [join(folder, name), readFileSync(join(root, folder, name), 'utf8')]);
}

describe('what nobody may guess', () => {
  // Catches: a comparison that takes longer the more of it is right.
  it('is compared by timingSafeEqual, never by ===', () => {
    const sources = [...sourcesOf('src'), ...sourcesOf('config')];
    const found = sources.flatMap(([path, text]) =>
      (text.match(LEAKING) ?? []).map((words) => `${path}: ${words}`),
    );
    expect(found).toEqual([]);
    const safe = sources.filter(([, text]) => text.includes('timingSafeEqual(')).map(([path]) => path);
    expect(safe).toEqual(
      expect.arrayContaining(['src/otp/slots/rules/check.ts', 'src/access/credentials/key-digest.ts']),
    );
  });

  it.each(['if (code.mac === given)', 'return digest !== other.digest;', 'token() === x'])(
    'would be found: %s',
    (text) => expect(text.match(LEAKING)).toHaveLength(1),
  );
});
