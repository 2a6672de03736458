import { open, rm } from 'node:fs/promises';
import { CliError } from '../cli-error';

/** For the account that writes it alone. */
const MODE = 0o600;

export interface NewFile {
  readonly path: string;
  readonly text: string;
}

/** All of them or none, and never over one that is there. */
export async function writeNewFiles(files: readonly NewFile[]): Promise<void> {
  const made: string[] = [];
  try {
    for (const file of files) {
      await writeNew(file, () => made.push(file.path));
    }
  } catch (error) {
    await Promise.all(made.map((path) => rm(path, { force: true })));
    throw error;
  }
}

async function writeNew({ path, text }: NewFile, isMine: () => void): Promise<void> {
  const handle = await open(path, 'wx', MODE).catch((error: unknown) => {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    if (code !== 'EEXIST') throw new CliError(`${path} cannot be written (${code}).`);
    throw new CliError(
      `${path} is there already and stays as it is: its keys may be the only ones that open your data. Move it away, ` +
        'or choose another name (--output, --secrets-file).',
    );
  });
  isMine();
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
