import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const exec = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');
const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];

/**
 * A folder outside of the repository in which the packed package is installed as anybody would, and nothing else of us.
 * SIXDIGIT_INSTALLED names one that is there already: then it is used, and left.
 * @param {Readonly<Record<string, string>>} beside further packages, with their versions
 * @param {{ isBuilt?: boolean }} options whether `dist` is what is to be packed; absent: it is built
 */
export async function installedPackage(beside = {}, { isBuilt = false } = {}) {
  const given = process.env.SIXDIGIT_INSTALLED;
  if (given) return { folder: given, remove: async () => undefined };
  return installedFrom(root, beside, { isBuilt });
}

/** The same of sources that are elsewhere, e.g. older ones. */
export async function installedFrom(sources, beside = {}, { isBuilt = false } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'sixdigit-installed-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const pack = ['pack', '--pack-destination', folder, '--loglevel=error'];
    await exec('npm', isBuilt ? [...pack, '--ignore-scripts'] : pack, { cwd: sources });
    const [tarball] = (await readdir(folder)).filter((name) => name.endsWith('.tgz'));
    const dependencies = { ...beside, sixdigit: `file:${tarball}` };
    await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies }));
    await exec('npm', ['install', ...quiet], { cwd: folder });
    return { folder, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}
