import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderSecrets } from './secrets';
import { secretsFileProblem } from './secrets-file.service';

describe('secretsFileProblem', () => {
  let folder = '';

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sixdigit-secrets-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const problemWith = async (text: string): Promise<string | null> => {
    const file = join(folder, 'secrets.json');
    await writeFile(file, text);
    return secretsFileProblem(file);
  };

  it('finds nothing wrong with a good file', async () => {
    expect(await problemWith(renderSecrets(Buffer.alloc(32, 1), 'a', Buffer.alloc(32, 2)))).toBeNull();
  });

  it('names short keys without showing them', async () => {
    const problem = await problemWith('{"index":"c2hvcnQ=","ring":[{"kid":"a","key":"c2hvcnQ="}]}');
    expect(problem).toBe('index is shorter than 32 bytes; ring[0].key is shorter than 32 bytes');
  });

  it('tells a missing file from one that cannot be read', () => {
    expect(secretsFileProblem(join(folder, 'none'))).toBe('the file does not exist');
    expect(secretsFileProblem(folder)).toBe('the file cannot be read (EISDIR)');
  });
});
