import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Node's runner over these files: what it says goes to the terminal. @returns how many passed and failed, and which */
export async function runTests(folder, files, env = {}) {
  const tap = join(folder, 'tests.tap');
  const reporters = [
    ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
    ...['--test-reporter=tap', `--test-reporter-destination=${tap}`],
  ];
  const child = spawn(process.execPath, ['--test', '--test-concurrency=2', ...reporters, ...files], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: 'inherit',
  });
  const [status] = await once(child, 'exit');
  const counted = await readFile(tap, 'utf8').catch(() => '');
  const count = (word) => Number(new RegExp(`^# ${word} (\\d+)$`, 'm').exec(counted)?.[1] ?? 0);
  const failed = count('fail') + count('cancelled');
  const failures = [...counted.matchAll(/^ *not ok \d+ - (.*)$/gm)].map(([, name]) => name);
  return { passed: count('pass'), failed: status === 0 ? failed : Math.max(failed, 1), failures };
}
