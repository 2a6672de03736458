/**
 * An upgrade as an operator does it: the package as it was at BASE, started on data of its own; then the one of today on
 * the same data. Prints what Node's runner says; `--report=<file>` gets `{"passed", "failed"}`, `--built` packs `dist` as
 * it is.
 */
import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { installedFrom, installedPackage } from './installed.mjs';
import { runTests } from './run-tests.mjs';

/**
 * What is upgraded from: the first commit with the package. To be moved to the commit of each release, once it is out:
 * that is what people have. And to a later one when this one builds no more with the dependencies of today.
 */
const BASE = '0792505ab65133063c85b3dfafe8dfa5b71c044c';

const root = resolve(import.meta.dirname, '../..');
const args = process.argv.slice(2);
const report = args.find((arg) => arg.startsWith('--report='))?.slice('--report='.length);
const ends = [];

/** Its sources, with the dependencies of today to build them with. */
async function sourcesOf(commit) {
  const folder = await mkdtemp(join(tmpdir(), 'sixdigit-base-'));
  ends.push(() => rm(folder, { recursive: true, force: true }));
  const archive = execFileSync('git', ['archive', commit], { cwd: root, maxBuffer: 500_000_000 });
  execFileSync('tar', ['-x', '-C', folder], { input: archive });
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

/** In a shallow clone there may be nothing to upgrade from: that is no upgrade that went well. */
function checkThere(commit) {
  try {
    execFileSync('git', ['cat-file', '-e', `${commit}^{commit}`], { cwd: root, stdio: 'ignore' });
  } catch {
    throw new Error(
      `Commit ${commit}, which is upgraded from, is not in this clone. Is it a shallow one? ` +
        'Then `git fetch --unshallow` brings it.',
    );
  }
}

async function upgrade() {
  checkThere(BASE);
  const before = await installedFrom(await sourcesOf(BASE));
  ends.push(before.remove);
  const after = await installedPackage({}, { isBuilt: args.includes('--built') });
  ends.push(after.remove);
  const copies = join(after.folder, 'upgrade');
  ends.push(() => rm(copies, { recursive: true, force: true }));
  await mkdir(copies, { recursive: true });
  for (const name of ['upgrade/upgrade.test.mjs', 'proof/support.mjs'])
    await cp(join(import.meta.dirname, name), join(copies, name));
  const files = [join(copies, 'upgrade/upgrade.test.mjs')];
  return runTests(after.folder, files, { INSTALLED_BEFORE: before.folder });
}

let counts = { passed: 0, failed: 1 };
try {
  counts = await upgrade();
} catch (error) {
  console.error(error.message);
} finally {
  for (const end of ends.reverse()) await end();
}
if (report) await writeFile(report, JSON.stringify(counts));
process.exitCode = counts.failed === 0 ? 0 : 1;
