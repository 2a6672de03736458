import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { changeSecretsFile, SecretsChangeError } from './secrets-change.service';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'secrets-change-'));
  file = join(folder, 'secrets.json');
  await writeFile(file, 'old');
  await chmod(file, 0o440);
});
afterEach(() => rm(folder, { recursive: true }));

const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

describe('a secrets file that is changed', () => {
  it('is a new one with the same mode, and the old one is kept', async () => {
    const backup = await changeSecretsFile(file, 'before', (text) => `${text} and new`);
    expect(await readFile(file, 'utf8')).toBe('old and new');
    expect(await readFile(backup, 'utf8')).toBe('old');
    expect([await modeOf(file), await modeOf(backup)]).toEqual(['440', '440']);
    expect((await readdir(folder)).sort()).toEqual(['secrets.json', 'secrets.json.before.bak']);
  });

  it('is the one behind a link, which stays a link', async () => {
    const link = join(folder, 'link.json');
    await symlink(file, link);
    await changeSecretsFile(link, 'before', () => 'new');
    expect(await readFile(file, 'utf8')).toBe('new');
  });

  // Safety: fails when the draft is not made exclusively: one of two rotations at once would be lost.
  it('is changed by one at a time', async () => {
    await writeFile(`${file}.new`, '');
    await expect(changeSecretsFile(file, 'before', () => 'new')).rejects.toThrow(
      /another change is under way/,
    );
    expect(await readFile(file, 'utf8')).toBe('old');
  });

  it('stays as it is when the change fails, and leaves nothing behind', async () => {
    const refused = () => {
      throw new Error('no');
    };
    await expect(changeSecretsFile(file, 'before', refused)).rejects.toThrow('no');
    expect(await readdir(folder)).toEqual(['secrets.json']);
  });

  it('must be there', async () => {
    const missing = changeSecretsFile(join(folder, 'none.json'), 'before', () => '');
    await expect(missing).rejects.toThrow(SecretsChangeError);
  });
});
