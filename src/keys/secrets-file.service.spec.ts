import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SecretsFileReport } from '../../config/risks';
import { renderSecrets } from './secrets';
import { checkSecretsFile } from './secrets-file.service';

describe('checkSecretsFile', () => {
  let folder = '';

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sixdigit-secrets-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const reportOn = async (text: string, mode = 0o600): Promise<SecretsFileReport> => {
    const file = join(folder, 'secrets.json');
    await writeFile(file, text);
    await chmod(file, mode);
    return checkSecretsFile(file);
  };
  const good = renderSecrets(randomBytes(32), 'a', randomBytes(32));

  it('finds nothing wrong with a good file', async () => {
    expect(await reportOn(good)).toEqual({ unusable: null, unsafe: [] });
  });

  it('names short keys without showing them', async () => {
    const { unusable } = await reportOn('{"index":"c2hvcnQ=","ring":[{"kid":"a","key":"c2hvcnQ="}]}');
    expect(unusable).toBe('index is shorter than 32 bytes; ring[0].key is shorter than 32 bytes');
  });

  it('tells a missing file from one that cannot be read', () => {
    expect(checkSecretsFile(join(folder, 'none')).unusable).toBe('the file does not exist');
    expect(checkSecretsFile(folder).unusable).toBe('the file cannot be read (EISDIR)');
  });

  // Catches: a file that every account of the machine reads and nobody is told.
  it('tells when others can read it, also when its content is wrong', async () => {
    const exposed = [expect.stringMatching(/other accounts .*mode 0644.*chmod/)];
    expect(await reportOn(good, 0o644)).toEqual({ unusable: null, unsafe: exposed });
    expect(await reportOn('{', 0o644)).toEqual({ unusable: 'is not valid JSON', unsafe: exposed });
  });

  it('names keys that no random generator made, without showing them', async () => {
    const text = renderSecrets(
      Buffer.alloc(32, 1),
      'first',
      Buffer.from('change-me-to-32-bytes-of-randomness'),
    );
    expect((await reportOn(text)).unsafe).toEqual([
      'index is too regular to be random',
      'the key first holds a word that stands in templates',
    ]);
  });
});
