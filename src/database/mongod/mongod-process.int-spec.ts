import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testMongodBinary } from '../../../test/support/mongo';
import { runProgram } from './child-process';

const script = `
  const { freePort, startMongod } = require('./src/database/mongod/mongod-process');
  const [binary, dbPath, end] = process.argv.slice(1);
  (async () => {
    const port = await freePort();
    const mongod = await startMongod({ binary, dbPath, address: { port }, logPath: dbPath + '.log' });
    await mongod[end]();
    console.log('ended');
  })();
`;

describe('a process that waits for its mongod to end', () => {
  let folder = '';
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'sixdigit-mongod-'))));
  afterEach(() => rm(folder, { recursive: true, force: true }));

  // Catches: an unreferenced child, whose end nobody lives to see. A failed test run then looks like a good one.
  it.each(['kill', 'stop'])('lives until it has: %s', async (end) => {
    const args = [
      '-r',
      './scripts/register.cjs',
      '-e',
      script,
      testMongodBinary(),
      join(folder, 'data'),
      end,
    ];
    await expect(runProgram(process.execPath, args, { timeoutMs: 20_000 })).resolves.toEqual({
      ok: true,
      stdout: 'ended\n',
      problem: '',
    });
  });
});
