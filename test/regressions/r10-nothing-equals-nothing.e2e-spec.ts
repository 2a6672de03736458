/**
 * R10. The stored code of a record that is new or used up is empty, and an empty code equals it. Seen in CVE-2024-5150
 * and CVE-2025-12374, both login plugins: an empty field in the form signed in as anybody.
 *
 * Catches: an empty input that is let through to the comparison, or a missing MAC that compares as empty bytes.
 */
import type { mongo } from 'mongoose';
import type { Slot } from '../../src/otp/slots/slot';
import { asAnotherWriter, type Started, type Tenant, wordFor, wrongCode } from '../support/engine';
import { useSharedEngine } from '../support/shared-engine';

const engine = useSharedEngine();
let one: Tenant;
beforeAll(async () => {
  one = await engine.tenant({ policy: { cooldownSeconds: 0, sends: { max: 100 }, maxChecks: 10 } });
});

const slots = (): mongo.Collection<Slot> => engine.db.collection<Slot>('slots');
const transaction = { amount: '49.90', currency: 'EUR', payee: 'Shop Ltd' };

type State = [string, (tenant: Tenant) => Promise<Started>];
const states: State[] = [
  ['pending', (tenant) => tenant.start()],
  ['approved', (tenant) => ended(tenant, (one) => tenant.check(one.id, one.code))],
  ['failed', (tenant) => ended(tenant, (one) => failAll(tenant, one))],
  ['canceled', (tenant) => ended(tenant, (one) => tenant.call(`POST /v1/verifications/${one.id}/cancel`))],
  [
    'expired',
    (tenant) =>
      ended(tenant, (one) =>
        slots().updateOne({ ids: one.id }, { $set: { 'current.expiresAt': new Date() }, ...asAnotherWriter }),
      ),
  ],
  ['superseded', (tenant) => ended(tenant, (one) => tenant.start({ to: one.to, transaction }))],
];

async function ended(tenant: Tenant, end: (one: Started) => Promise<unknown>): Promise<Started> {
  const started = await tenant.start();
  await end(started);
  return started;
}

async function failAll(tenant: Tenant, { id, code }: Started): Promise<void> {
  for (let n = 1; n <= 10; n++) await tenant.check(id, wrongCode(code, n));
}

const noCodes = [
  '',
  ' ',
  '   ',
  '\t',
  '\u00a0',
  null,
  undefined,
  0,
  '0',
  'null',
  'undefined',
  'NaN',
  'true',
  [],
  {},
  false,
];
it.each(states)('what is no code is never approved while the verification is %s', async (status, make) => {
  const { id, code } = await make(one);
  expect((await one.read(id)).body).toMatchObject({ status });
  for (const none of noCodes) {
    const answer = await one.call(`POST /v1/verifications/${id}/checks`, { code: none });
    expect([none, answer.body['valid'] === true, answer.status < 500]).toEqual([none, false, true]);
    if (typeof none !== 'string' || none.trim().length < 4) {
      expect([none, wordFor(answer)]).toEqual([none, '400 invalid_request']);
    }
  }
  if (status === 'pending') return;
  expect(wordFor(await one.check(id, code))).toBe(`409 verification_${status}`);
  expect((await one.read(id)).body).toMatchObject({ status });
});
