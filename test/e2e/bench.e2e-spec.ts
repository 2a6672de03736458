import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Report } from '../../bench/report';
import { testServerUri } from '../support/mongo';

const run = promisify(execFile);

describe('npm run bench', () => {
  it('drives pairs through the prototype and the sink and reports them', async () => {
    const args = ['-r', './scripts/register.cjs', 'bench/run.ts', '--targets', 'prototype', '--pairs', '20'];
    const { stdout } = await run(process.execPath, [...args, '--clients', '4', '--json'], {
      env: { ...process.env, MONGODB_URI: testServerUri() },
    });
    const report = JSON.parse(stdout) as Report;
    expect(report.runs).toHaveLength(1);
    expect(report.runs[0]).toMatchObject({ target: 'prototype', pairs: 20, failures: {}, mongodCpuMs: null });
    expect(report.runs[0]?.pair.p50).toBeGreaterThan(0);
    expect(report.extraTexts).toBe(0);
  });
});
