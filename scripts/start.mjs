/**
 * `npm start`: builds when a source is newer than the last build, then runs the app in this very process, so
 * that signals and exit codes are its own.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const main = join(root, 'dist/src/main.js');
/** Written after a build that succeeded; sources changed during it are built next time. */
const stamp = join(root, 'dist/.built');
const inputs = [
  'src',
  'config',
  'web',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
];

/** A folder's own time stamp changes when a file in it is added or removed. */
function newestChange(path) {
  const entry = statSync(path);
  if (!entry.isDirectory()) return entry.mtimeMs;
  const names = readdirSync(path).filter((name) => !/\.(?:int-)?spec\.ts$/.test(name));
  return names.reduce((newest, name) => Math.max(newest, newestChange(join(path, name))), entry.mtimeMs);
}

function isBuilt() {
  if (!existsSync(main) || !existsSync(stamp)) return false;
  const builtAt = statSync(stamp).mtimeMs;
  return inputs.every((input) => newestChange(join(root, input)) < builtAt);
}

function build() {
  process.stderr.write('Building…\n');
  const startedAt = new Date();
  // The compiler never removes what a moved source had become.
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const { status } = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) process.exit(status ?? 1);
  // What browsers load: the compiler of the server does not make it.
  const web = spawnSync(process.execPath, [join(root, 'web/build.mjs')], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (web.status !== 0) process.exit(web.status ?? 1);
  writeFileSync(stamp, '');
  utimesSync(stamp, startedAt, startedAt);
}

if (!isBuilt()) build();
await import(main);
