/**
 * Runs the tests of all examples that install the package: copied under a folder where it is installed once, against one
 * Sixdigit that they share, each as an application of its own. Prints what Node's runner says; `--report=<file>` gets
 * `{"passed", "failed", "failures"}`, `--built` packs `dist` as it is. Names of examples run only those.
 */
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { installedPackage } from './installed.mjs';
import { runTests } from './run-tests.mjs';

const examples = resolve(import.meta.dirname, '../../examples');
const args = process.argv.slice(2);
const report = args.find((arg) => arg.startsWith('--report='))?.slice('--report='.length);
const asked = args.filter((arg) => !arg.startsWith('--'));

/** Those whose package.json names ours, with what else they need. */
async function examplesOfThePackage() {
  const found = [];
  for (const name of await readdir(examples)) {
    if (asked.length > 0 && !asked.includes(name)) continue;
    const text = await readFile(join(examples, name, 'package.json'), 'utf8').catch(() => '{}');
    const { dependencies = {} } = JSON.parse(text);
    const { sixdigit, ...beside } = dependencies;
    if (sixdigit) found.push({ name, beside });
  }
  if (found.length === 0) throw new Error('There is no such example.');
  return found;
}

const found = await examplesOfThePackage();
const installed = await installedPackage(Object.assign({}, ...found.map(({ beside }) => beside)), {
  isBuilt: args.includes('--built'),
});
const ends = [];
let counts;
try {
  const names = found.map(({ name }) => name);
  const copies = join(installed.folder, 'examples');
  ends.push(() => rm(copies, { recursive: true, force: true }));
  for (const name of names)
    await cp(join(examples, name), join(copies, name), {
      recursive: true,
      filter: (path) => !path.includes('node_modules'),
    });
  const rig = await import(pathToFileURL(join(copies, names[0], 'rig.js')).href);
  const { url, adminKey } = await rig.startSixdigit(ends);
  const files = names.map((name) => join(copies, name, 'test.js'));
  counts = await runTests(installed.folder, files, { SIXDIGIT_URL: url, SIXDIGIT_ADMIN_KEY: adminKey });
} finally {
  for (const end of ends.reverse()) await end();
  await installed.remove();
}
if (report) await writeFile(report, JSON.stringify(counts));
process.exitCode = counts.failed === 0 ? 0 : 1;
