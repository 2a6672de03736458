/**
 * R15. An approval is not bound to the number, id or session that it was for: the attacker approves a number of their
 * own and takes the result elsewhere. Seen in CVE-2026-3655, CVE-2026-94256, CVE-2026-15014, CVE-2026-14245 and Clerk
 * (GHSA-3mm3-wfpv-q85g).
 *
 * Catches: a MAC without application or verification id in it; a look-up of slots that ignores purpose or application.
 */
import type { mongo } from 'mongoose';
import type { Slot } from '../../src/otp/slots/slot';
import {
  asAnotherWriter,
  type Answer,
  newNumber,
  type Started,
  type Tenant,
  until,
  wordFor,
  wrongCode,
} from '../support/engine';
import { face } from '../support/face';
import { useSharedEngine } from '../support/shared-engine';

const engine = useSharedEngine();
const policy = { cooldownSeconds: 0, sends: { max: 100 }, maxChecks: 10 };
const payment = { amount: '49.90', currency: 'EUR', payee: 'Shop Ltd' };
let one: Tenant;
let other: Tenant;
beforeAll(async () => {
  one = await engine.tenant({ policy });
  other = await engine.tenant({ policy });
});

/** A verification with everything its code is bound to. */
interface Bound extends Started {
  readonly tenant: Tenant;
  readonly purpose: string;
  readonly transaction?: object;
}

const slots = (): mongo.Collection<Slot> => engine.db.collection<Slot>('slots');

async function start(
  tenant: Tenant,
  body: { to: string; purpose: string; transaction?: object },
): Promise<Bound> {
  return { ...(await tenant.start(body)), ...body, tenant };
}

/** Same number and purpose on another application, another purpose, another number, another payment. */
async function family(): Promise<Bound[]> {
  const to = newNumber();
  return [
    await start(one, { to, purpose: 'login' }),
    await start(one, { to, purpose: 'payment' }),
    await start(one, { to, purpose: 'signature', transaction: payment }),
    await start(one, { to, purpose: 'voting', transaction: { ...payment, amount: '49.91' } }),
    await start(one, { to: newNumber(), purpose: 'login' }),
    await start(other, { to, purpose: 'login' }),
    await start(other, { to: newNumber(), purpose: 'payment', transaction: payment }),
  ];
}

const checkAs = ({ tenant, id, transaction }: Bound, code: string): Promise<Answer> =>
  tenant.check(id, code, transaction ? { transaction } : {});

describe('a code', () => {
  it('is refused for every verification but its own, like any wrong guess; then each works for its own', async () => {
    const all = await family();
    const plain = face(await checkAs(all[0]!, wrongCode(all[0]!.code)));
    for (const target of all) {
      for (const source of all.filter(({ id, code }) => id !== target.id && code !== target.code)) {
        const answer = await checkAs(target, source.code);
        expect([wordFor(answer), answer.body['valid']]).toEqual(['200', false]);
        expect(face(answer)).toEqual(plain);
      }
    }
    for (const target of all) expect((await checkAs(target, target.code)).body['valid']).toBe(true);
  });

  /** As if both verifications had drawn the same code: whoever can write the database copies one MAC to another. */
  async function copyMac(from: Started, to: Started): Promise<void> {
    const source = await slots().findOne({ ids: from.id });
    const { mac, kid } = source!.current;
    await slots().updateOne(
      { ids: to.id },
      { $set: { 'current.mac': mac!, 'current.kid': kid }, ...asAnotherWriter },
    );
  }
  it('is bound to its verification: a copy of its MAC in the database fits nowhere else', async () => {
    const all = await family();
    const [source] = all;
    for (const target of all.slice(1)) {
      await copyMac(source!, target);
      for (const code of [source!.code, target.code]) {
        expect((await checkAs(target, code)).body['valid']).toBe(false);
        expect((await target.tenant.check(target.id, code)).body['valid']).toBe(false);
      }
    }
    expect((await checkAs(source!, source!.code)).body['valid']).toBe(true);
  });
});

it('an approved verification says for whom and what it was, in the answer, later, and in the log', async () => {
  const to = newNumber();
  const { id, code } = await one.start({ to, purpose: 'login' });
  const facts = { id, status: 'approved', to, purpose: 'login', endedAt: expect.any(String) as string };
  expect((await one.check(id, code)).body).toMatchObject({ valid: true, ...facts });
  for (const on of [0, 1]) expect((await one.read(id, { on })).body).toMatchObject(facts);
  const event = await until(async () => {
    const { body } = await one.call(`GET /v1/audit/events?verificationId=${id}&type=approved`);
    return (body['data'] as object[])[0] ?? null;
  });
  expect(event).toMatchObject({ applicationId: one.id, purpose: 'login', verificationId: id });
});
