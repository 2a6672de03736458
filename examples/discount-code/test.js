import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { openRig } from './rig.js';

const keys = Object.fromEntries(
  ['OFFICE_KEY', 'TILL_1_KEY', 'TILL_2_KEY'].map((name) => [name, randomBytes(16).toString('hex')]),
);
let rig;
before(async () => (rig = await openRig({ env: keys })));
after(() => rig?.close());

const at = (name) => rig.person({ authorization: `Bearer ${keys[`${name}_KEY`]}` });
const redeem = (till, phone, code, receipt) => at(till).post('/redemptions', { phone, code, receipt });

async function sentTo(phone) {
  const { until } = await at('OFFICE').post('/discounts', { phone });
  const days = (Date.parse(until) - Date.now()) / 86_400_000;
  assert.ok(days > 20.9 && days <= 21, `works for three weeks, and not for ${days} days`);
  return (await rig.nextMessage(phone)).code;
}

test('a code is worth one sale, also to a till that has to ask twice', async () => {
  const phone = '+12015550171';
  const code = await sentTo(phone);
  assert.match(code, /^[2-9A-Z]{8}$/);
  // As a cashier types it.
  assert.equal((await redeem('TILL_1', '201-555-0171', code, 's1')).ok, false, 'the country has to be named');
  const typed = `${code.slice(0, 4)}-${code.slice(4)}`.toLowerCase();
  assert.equal((await redeem('TILL_1', '+1 201-555-0171', typed, 's2')).percentOff, 20);
  assert.equal(
    (await redeem('TILL_1', '+1 201-555-0171', typed, 's2')).percentOff,
    20,
    'the same sale again',
  );
  assert.equal((await redeem('TILL_1', phone, code, 's3')).ok, false);
  assert.equal((await redeem('TILL_2', phone, code, 's2')).ok, false, 'the same number at another till');
});

test('two tills at the same moment give one discount', async () => {
  const phone = '+12015550172';
  const code = await sentTo(phone);
  const answers = await Promise.all([
    redeem('TILL_1', phone, code, 'a1'),
    redeem('TILL_2', phone, code, 'b1'),
  ]);
  assert.equal(answers.filter(({ percentOff }) => percentOff === 20).length, 1);
});

test('it is worth nothing with another number, and guessing ends it', async () => {
  const phone = '+12015550173';
  const code = await sentTo(phone);
  assert.equal((await redeem('TILL_1', '+12015550174', code, 'c1')).ok, false);
  const wrong = code.startsWith('2') ? `3${code.slice(1)}` : `2${code.slice(1)}`;
  for (let guess = 0; guess < 5; guess += 1) await redeem('TILL_1', phone, wrong, `g${guess}`);
  assert.equal((await redeem('TILL_1', phone, code, 'c2')).ok, false);
  assert.equal((await rig.person().post('/redemptions', { phone, code, receipt: 'x' })).status, 401);
});
