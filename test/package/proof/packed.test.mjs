import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { test } from 'node:test';

const { TARBALL, PUBLINT, ATTW } = process.env;
const skip = TARBALL === undefined && 'a folder that was there already has no tarball';

test('the tarball has at most 2 MB, and neither tests nor sources nor maps', { skip }, () => {
  assert.ok(statSync(TARBALL).size <= 2_000_000, `${statSync(TARBALL).size} bytes`);
  const names = execFileSync('tar', ['-tzf', TARBALL], { encoding: 'utf8' }).trim().split('\n');
  const odd = names.filter((name) =>
    /\.map$|spec\.|\/test\/|(?<!\.d)\.tsx?$|\.tsbuildinfo$|\/\.api\//.test(name),
  );
  assert.deepEqual(odd, []);
  for (const name of ['README.md', 'LICENSE', 'CHANGELOG.md', 'dist/public/manifest.json'])
    assert.ok(names.includes(`package/${name}`), name);
});

const checked = (args) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  assert.equal(status, 0, stdout + stderr);
};

test('publint has nothing to say of it', { skip }, () => checked([PUBLINT, 'run', TARBALL, '--strict']));

test('both module systems find its types', { skip }, () =>
  checked([ATTW, TARBALL, '--profile', 'node16', '--no-color', '--no-emoji']),
);
