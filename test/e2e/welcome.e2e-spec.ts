import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { AppProcess } from '../support/app-process';
import { useDatabase } from '../support/mongo';

/** Catches: a printed line that does not work when it is pasted into a shell. */
describe('what a developer sees at the start', () => {
  const database = useDatabase();
  let app: AppProcess;

  beforeAll(async () => {
    app = await AppProcess.start({ env: { NODE_ENV: 'development', MONGODB_URI: database.uri } });
  });
  afterAll(() => app.stop());

  it('is two lines that send a code and check it', async () => {
    const lines = app.stdout.split('\n').map((line) => line.trim());
    const send = lines.find((line) => line.startsWith('V=$('));
    const check = lines.find((line) => line.startsWith('C=$('));
    const { stdout } = await promisify(execFile)('bash', ['-c', `${send}\n${check}`]);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'approved', valid: true });
  });
});
