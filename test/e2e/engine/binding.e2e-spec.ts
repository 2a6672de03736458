import type { mongo } from 'mongoose';
import type { Slot } from '../../../src/otp/slots/slot';
import {
  asAnotherWriter,
  type Answer,
  newNumber,
  type Started,
  type Tenant,
  until,
  useEngine,
  wordFor,
  wrongCode,
} from '../../support/engine';
import { face } from '../../support/face';

const engine = useEngine({ processes: 1 });

const policy = { cooldownSeconds: 0, sends: { max: 100, windowSeconds: 600 }, maxChecks: 10 };
const payment = { amount: '49.90', currency: 'EUR', payee: 'Shop Ltd' };

/** A verification with everything its code is bound to. */
interface Bound extends Started {
  readonly tenant: Tenant;
  readonly purpose: string;
  readonly transaction?: object;
}

const foreignDigits = (code: string, zero: number): string =>
  code.replace(/\d/g, (digit) => String.fromCodePoint(zero + Number(digit)));

const slots = (): mongo.Collection<Slot> => engine.db.collection<Slot>('slots');
let one: Tenant;

beforeAll(async () => {
  one = await engine.tenant({ policy });
});

async function start(
  tenant: Tenant,
  body: { to: string; purpose: string; transaction?: object },
): Promise<Bound> {
  return { ...(await tenant.start(body)), ...body, tenant };
}

const checkAs = ({ tenant, id, transaction }: Bound, code: string): Promise<Answer> =>
  tenant.check(id, code, transaction ? { transaction } : {});

describe('a code', () => {
  // Catches: a transaction that is compared only when both sides have one, or in part, or case-insensitively.
  it('with a transaction bound is wrong without it, with another, or with one character changed', async () => {
    const bound = await start(one, { to: newNumber(), purpose: 'payment', transaction: payment });
    const without = await start(one, { to: newNumber(), purpose: 'payment' });
    const plain = face(await checkAs(bound, wrongCode(bound.code)));
    const different: (object | undefined)[] = [
      undefined,
      { ...payment, amount: '49.91' },
      { ...payment, amount: '49.9' },
      { ...payment, amount: '049.90' },
      { ...payment, currency: 'EUS' },
      { ...payment, payee: 'shop Ltd' },
      { ...payment, payee: 'Shop Ltd ' },
      { ...payment, payee: 'Shop Ltd.' },
      // A field that takes a piece of its neighbour must not read the same.
      { amount: '49.90', currency: 'EUR', payee: 'RShop Ltd' },
    ];
    for (const transaction of different) {
      const answer = await one.check(bound.id, bound.code, transaction ? { transaction } : {});
      expect([transaction, wordFor(answer), answer.body['valid']]).toEqual([transaction, '200', false]);
      expect(face(answer)).toEqual(plain);
      await one.call('POST /v1/recipients/unlock', { to: bound.to, purpose: 'payment' });
      await slots().updateOne({ ids: bound.id }, { $set: { 'current.checksUsed': 0 }, ...asAnotherWriter });
    }
    const extra = await one.check(without.id, without.code, { transaction: payment });
    expect([wordFor(extra), extra.body['valid']]).toEqual(['200', false]);
    expect((await one.check(without.id, without.code)).body['valid']).toBe(true);
    expect((await checkAs(bound, bound.code)).body['valid']).toBe(true);
  });
});

describe('a digest', () => {
  // Catches: a digest in the clear in the database, or one that outlives the person's data.
  it('is bound like a transaction, stands in the answers to its owner, and nowhere else', async () => {
    const digest = 'sha256:60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752';
    const { id, code } = await one.start({ digest, transaction: payment });
    for (const wrong of [
      {},
      { digest },
      { transaction: payment },
      { digest: `${digest}0`, transaction: payment },
    ])
      expect((await one.check(id, code, wrong)).body['valid']).toBe(false);
    const right = await one.check(id, code, { digest, transaction: payment });
    expect(right.body).toMatchObject({ valid: true, digest, transaction: payment });
    expect((await one.read(id)).body['digest']).toBe(digest);
    await until(() =>
      engine.db.collection<{ _id: string }>('verifications').findOne({ _id: id, status: 'approved' }),
    );
    for (const { name } of await engine.db.listCollections().toArray())
      for (const document of await engine.db.collection(name).find().toArray())
        expect(JSON.stringify(document)).not.toContain(digest.slice(7, 30));
  });
});

describe('a code as people type and copy it', () => {
  const split = (code: string, between: string) => code.slice(0, 3) + between + code.slice(3);

  it.each<[string, (code: string) => string]>([
    ['a line break behind it', (code) => `${code}\r\n`],
    ['a line break in it', (code) => split(code, '\n')],
    ['tabs around it', (code) => `\t${code}\t`],
    ['direction marks around it', (code) => `\u200e${code}\u202c`],
    ['a zero-width space in it', (code) => split(code, '\u200b')],
    ['a soft hyphen in it', (code) => split(code, '\u00ad')],
    ['a byte order mark before it', (code) => `\ufeff${code}`],
    ['full-width digits', (code) => foreignDigits(code, 0xff10)],
    ['Arabic digits', (code) => foreignDigits(code, 0x0660)],
    ['Persian digits and isolates', (code) => `\u2067${foreignDigits(code, 0x06f0)}\u2069`],
  ])('is right with %s', async (_, typed) => {
    const { id, code } = await one.start();
    expect((await one.check(id, typed(wrongCode(code)))).body['valid']).toBe(false);
    expect((await one.check(id, typed(code))).body['valid']).toBe(true);
  });
});
