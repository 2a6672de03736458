import { link, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Why a secrets file cannot be changed in place, with the remedy. Holds nothing of the file. */
export class SecretsChangeError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SecretsChangeError';
  }
}

/**
 * Changes a secrets file so that no reader ever sees half of one, and no crash loses one: the new file is written
 * beside it with the same mode, made durable, and takes its name; the old one keeps another. Two changes at once: the
 * second is refused.
 * @param change gives the new text
 * @returns where the file of before is
 */
export async function changeSecretsFile(
  path: string,
  backupSuffix: string,
  change: (text: string) => string,
): Promise<string> {
  // A link stays a link: the file behind it is the one to change.
  const file = await realpath(path).catch((error: unknown) => fail(path, error));
  const draft = `${file}.new`;
  const backup = `${file}.${backupSuffix}.bak`;
  const handle = await open(draft, 'wx', 0o600).catch((error: unknown) => fail(draft, error));
  try {
    // Read when nobody else can change it any more.
    const { mode, uid, gid } = await stat(file);
    await handle.writeFile(change(await readFile(file, 'utf8')));
    await handle.chmod(mode & 0o777);
    await handle.chown(uid, gid);
    await handle.sync();
    await link(file, backup);
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    fail(file, error);
  } finally {
    await handle.close();
  }
  await syncFolder(dirname(file));
  return backup;
}

/** The new name is durable only when the folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const REMEDIES: Readonly<Record<string, string>> = {
  EEXIST: 'another change is under way, or one was interrupted: if none is, remove it',
  ENOENT: 'there is no such file',
  EBUSY:
    'it is mounted alone and cannot be replaced: change it where the platform keeps it (docs/deployment.md)',
  EXDEV:
    'it is mounted alone and cannot be replaced: change it where the platform keeps it (docs/deployment.md)',
  EROFS: 'its folder cannot be written: change it where the platform keeps it (docs/deployment.md)',
  EACCES: 'this account may not write there: run this as the one that owns it',
  EPERM: 'this account may not give it the owner that it had: run this as that one',
};

function fail(file: string, error: unknown): never {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === undefined) throw error;
  throw new SecretsChangeError(`${file}: ${REMEDIES[code] ?? `it cannot be changed (${code})`}.`);
}
