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
let other: Tenant;

beforeAll(async () => {
  one = await engine.tenant({ policy });
  other = await engine.tenant({ policy });
});

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

/** What a stranger can tell answers apart by, without what differs anyway. */
function face({ status, headers, body }: Answer): object {
  const names = [...headers.keys()].filter((name) => name !== 'date').sort();
  return { status, names, type: headers.get('content-type'), keys: Object.keys(body).sort() };
}

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

  // Catches: a MAC without the verification's id in it.
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

describe("another application's verification", () => {
  /** The slot once the text is reported and the relay has been there: from then on only a call can change it. */
  async function settled(id: string): Promise<Slot | null> {
    const still = { ids: id, outbox: [], 'current.deliveries.state': { $ne: 'sending' as const } };
    await until(async () => (await slots().countDocuments(still)) === 1);
    return slots().findOne({ ids: id });
  }

  // Catches: a look-up by id alone; an answer that tells "not yours" from "not there".
  it('is answered like an id that never was, to every call, and stays as it is', async () => {
    const { id, code, to } = await one.start();
    await one.check(id, wrongCode(code));
    const before = await settled(id);
    const unknown = `${id.slice(0, -2)}${id.endsWith('AA') ? 'BB' : 'AA'}`;
    const calls: [string, object?][] = [
      ['GET /v1/verifications/:id'],
      ['POST /v1/verifications/:id/checks', { code }],
      ['POST /v1/verifications/:id/checks', { code: wrongCode(code) }],
      ['POST /v1/verifications/:id/checks', { code, transaction: payment }],
      ['POST /v1/verifications/:id/sends', {}],
      ['POST /v1/verifications/:id/cancel'],
    ];
    for (const [route, body] of calls) {
      const options = { headers: { 'x-request-id': 'same' } };
      const foreign = await other.call(route.replace(':id', id), body, options);
      const never = await other.call(route.replace(':id', unknown), body, options);
      const noId = await other.call(route.replace(':id', 'x'), body, options);
      expect(wordFor(foreign)).toBe('404 verification_not_found');
      expect([face(foreign), foreign.text]).toEqual([face(never), never.text]);
      expect([face(foreign), foreign.text]).toEqual([face(noId), noId.text]);
    }
    expect(await slots().findOne({ ids: id })).toEqual(before);
    expect((await other.lookup(to)).body).toMatchObject({ failures: 0, sends: { used: 0 } });
    const list = await other.call(`GET /v1/verifications?to=${encodeURIComponent(to)}`);
    expect(list.body['data']).toEqual([]);
    const path = `GET /v1/audit/events?verificationId=${id}`;
    // Only once its owner sees them does it say something that the other one does not.
    await until(async () => ((await one.call(path)).body['data'] as object[]).length > 0);
    const events = await other.call(path);
    expect(
      (events.body['data'] as { type: string }[]).filter(({ type }) => type !== 'access_denied'),
    ).toEqual([]);
    expect((await one.check(id, code)).body['valid']).toBe(true);
  });
});

describe('what is no code', () => {
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
          slots().updateOne(
            { ids: one.id },
            { $set: { 'current.expiresAt': new Date() }, ...asAnotherWriter },
          ),
        ),
    ],
    ['superseded', (tenant) => ended(tenant, (one) => tenant.start({ to: one.to, transaction: payment }))],
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

  // Catches: an empty input that equals a field that was removed when the verification ended.
  it.each(states)('is never approved while the verification is %s', async (status, make) => {
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

  // Catches: comparing only as many characters as were given.
  it('a piece of the code, more than the code, or signs that only look like its digits are refused', async () => {
    const { id, code } = await one.start();
    const pieces = [1, 2, 3, 4, 5].flatMap((n) => [code.slice(0, n), code.slice(-n)]);
    const longer = [
      `${code}0`,
      `0${code}`,
      `${code}${code}`,
      `${code}A`,
      `+${code}`,
      `${code}.0`,
      `${code}e0`,
      `0x${code}`,
    ];
    const superscript = code.replace(/\d/g, (digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'.charAt(Number(digit)));
    for (const guess of [...pieces, ...longer, superscript]) {
      const answer = await one.check(id, guess);
      expect([guess, answer.body['valid'] === true]).toEqual([guess, false]);
      expect([guess, [200, 400].includes(answer.status)]).toEqual([guess, true]);
      await slots().updateOne(
        { ids: id },
        { $set: { 'current.checksUsed': 0, failures: 0 }, $unset: { lockedUntil: '' }, ...asAnotherWriter },
      );
    }
    expect((await one.check(id, superscript)).status).toBe(400);
    expect((await one.check(id, ` ${code.slice(0, 3)}-${code.slice(3)} `)).body['valid']).toBe(true);
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

describe('a create', () => {
  // Catches: a body that may bring its own code.
  it.each(['code', 'otp', 'token', 'status', 'id', 'maxChecks', 'valid'])(
    'with its own %s is refused',
    async (field) => {
      const to = newNumber();
      const answer = await one.create({ to, [field]: '123456' });
      expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: field }] } });
      expect((await one.lookup(to)).body).toMatchObject({ sends: { used: 0 } });
    },
  );
});
