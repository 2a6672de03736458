/**
 * What the package promises, from a folder outside of the repository with nothing but the tarball: `proof/`. Prints what
 * Node's runner says; `--report=<file>` gets `{"passed", "failed", "failures"}`, `--built` packs `dist` as it is.
 */
import { cp, readdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { installedPackage } from './installed.mjs';
import { runTests } from './run-tests.mjs';

const args = process.argv.slice(2);
const report = args.find((arg) => arg.startsWith('--report='))?.slice('--report='.length);
const root = resolve(import.meta.dirname, '../..');
const require = createRequire(import.meta.url);

/** Of a tool of the repository: the folder has only what anybody would have. */
function binOf(name, bin) {
  const folder = join(root, 'node_modules', name);
  return join(folder, require(join(folder, 'package.json')).bin[bin]);
}

const beside = { '@types/node': '^20' };
const installed = await installedPackage(beside, { isBuilt: args.includes('--built') });
const copies = join(installed.folder, 'proof');
let counts;
try {
  await cp(join(import.meta.dirname, 'proof'), copies, { recursive: true });
  const names = (await readdir(copies)).filter((name) => name.endsWith('.test.mjs'));
  const files = names.map((name) => join(copies, name));
  const tarball = (await readdir(installed.folder)).find((name) => name.endsWith('.tgz'));
  counts = await runTests(installed.folder, files, {
    TSC: require.resolve('typescript/bin/tsc'),
    PUBLINT: binOf('publint', 'publint'),
    ATTW: binOf('@arethetypeswrong/cli', 'attw'),
    ...(tarball && { TARBALL: join(installed.folder, tarball) }),
  });
} finally {
  await rm(copies, { recursive: true, force: true });
  await installed.remove();
}
if (report) await writeFile(report, JSON.stringify(counts));
process.exitCode = counts.failed === 0 ? 0 : 1;
