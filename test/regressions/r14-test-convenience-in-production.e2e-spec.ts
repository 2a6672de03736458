/**
 * R14. What makes testing easy reaches production: one fixed code for everybody, a switch that skips the check, a key
 * as shipped. Seen in ruoyi (CVE-2026-116006, the constant 9999) and CVE-2026-130070 (`bypass_otp`).
 *
 * Catches: a production that takes the sandbox or generated keys (`productionProblems` empty, `sandbox` always true); a
 * test number without end in production (`testNumberProblems` left out), or whose end nobody looks at. That a test
 * number never calls a gateway: `test/e2e/engine/test-numbers`.
 */
import { ExitCode } from '../../src/database/startup-error';
import { AppProcess } from '../support/app-process';
import { newNumber, wordFor } from '../support/engine';
import { useSharedEngine } from '../support/shared-engine';

const engine = useSharedEngine();

async function refusal(env: Record<string, string | undefined>): Promise<[number | null, string]> {
  const app = await AppProcess.start({ env: { NODE_ENV: 'production', ...env }, waitUntilReady: false });
  const { code } = await app.exited;
  return [code, app.stderr];
}

it('production does not start with the sandbox, nor without keys of its own', async () => {
  const whole = { SECRETS_FILE: engine.secretsFile, MONGODB_URI: 'mongodb://127.0.0.1:1/x' };
  const [sandbox, keyless] = await Promise.all([
    refusal({ ...whole, SMS_ROUTES: '*:console' }),
    refusal({ SMS_ROUTES: '*:http', SMS_HTTP_URL: 'https://gateway.example/', ADMIN_KEY: undefined }),
  ]);
  expect(sandbox).toEqual([ExitCode.wrongSetting, expect.stringMatching(/SMS_ROUTES: .*console/)]);
  expect(keyless[0]).toBe(ExitCode.wrongSetting);
  expect(keyless[1]).toMatch(/ADMIN_KEY: is required in production/);
  expect(keyless[1]).toMatch(/SECRETS_FILE: is required in production/);
}, 60_000);

it('production takes a test number with an end alone', async () => {
  await engine.add({ NODE_ENV: 'production', SMS_ROUTES: '*:http' });
  const settings = { testNumbers: [{ to: newNumber(), code: '424242' }] };
  const create = (body: object, on: number): Promise<string> =>
    engine.admin('POST /v1/applications', { name: 'Shop', settings: body }, { on }).then(wordFor);
  expect(await create(settings, 2)).toBe('400 invalid_request');
  const [number] = settings.testNumbers;
  const ending = { testNumbers: [{ ...number, expiresAt: '2099-01-01T00:00:00Z' }] };
  expect(await create(ending, 2)).toBe('201');
  // Elsewhere it may be forgotten.
  expect(await create(settings, 0)).toBe('201');
}, 60_000);

it('from its end on the fixed code of a test number is a guess like any other', async () => {
  const to = newNumber();
  const testNumbers = [{ to, code: '424242', expiresAt: '2020-01-01T00:00:00Z' }];
  const tenant = await engine.tenant({ testNumbers, policy: { codeLength: 8 } });
  const { id, code } = await tenant.start({ to });
  expect(code).toHaveLength(8);
  expect((await tenant.check(id, '424242')).body).toMatchObject({ valid: false, checks: { used: 1 } });
  expect((await tenant.check(id, code)).body['valid']).toBe(true);
});

it('no code that people choose for tests is right without being the one that was sent', async () => {
  const tenant = await engine.tenant({ policy: { codeLength: 8, maxChecks: 10 } });
  const { id, code } = await tenant.start();
  for (const guess of ['9999', '0000', '1234', '000000', '123456', '111111', '999999', '12345678']) {
    expect([guess, (await tenant.check(id, guess)).body['valid']]).toEqual([guess, guess === code]);
  }
});
