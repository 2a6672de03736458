/** Installs the package once for all who set SIXDIGIT_INSTALLED to what this prints; the folder is theirs to remove. */
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { installedPackage } from './installed.mjs';

const examples = resolve(import.meta.dirname, '../../examples');
const beside = { '@types/node': '^20' };
for (const name of await readdir(examples)) {
  const text = await readFile(join(examples, name, 'package.json'), 'utf8').catch(() => '{}');
  const { dependencies = {} } = JSON.parse(text);
  const { sixdigit, ...others } = dependencies;
  if (sixdigit) Object.assign(beside, others);
}
const { folder } = await installedPackage(beside, { isBuilt: process.argv.includes('--built') });
console.log(folder);
