import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { openRig, otherThan } from './rig.js';

const anasPhone = '+12015550123';
let rig, ana;
before(async () => (rig = await openRig()));
after(() => rig?.close());
beforeEach(async () => {
  ana = rig.person();
  await ana.post('/sign-in', { name: 'ana', password: 'a long password of ana' });
});

/** A payment whose code is on the phone. */
async function begun(payment) {
  const { id } = await ana.post('/payments', payment);
  await ana.post(`/payments/${id}/code`);
  return { path: `/payments/${id}`, ...(await rig.nextMessage(anasPhone)) };
}

test('the message tells amount and payee, and its code pays exactly that, once', async () => {
  const { path, code, text } = await begun({ amount: '49.90', payee: 'Bookshop' });
  assert.match(text, /49\.90/);
  assert.match(text, /Bookshop/);
  assert.equal((await ana.post(`${path}/confirmation`, { code: otherThan(code) })).ok, false);
  const { paid } = await ana.post(`${path}/confirmation`, { code });
  assert.deepEqual(paid, { amount: '49.90', currency: 'EUR', payee: 'Bookshop' });
  assert.equal((await ana.post(`${path}/confirmation`, { code })).ok, false);
});

test('a changed amount or payee makes the code wrong', async () => {
  for (const change of [
    { amount: '4990.00', payee: 'Bookshop' },
    { amount: '49.90', payee: 'Thief' },
  ]) {
    const { path, code } = await begun({ amount: '49.90', payee: 'Bookshop' });
    await ana.put(path, change);
    assert.match((await ana.post(`${path}/confirmation`, { code })).message, /Nothing was paid/);
  }
});

test('the code of one payment confirms no other, and nobody else can use it', async () => {
  const small = await begun({ amount: '1.00', payee: 'Bakery' });
  const large = await begun({ amount: '900.00', payee: 'Bakery' });
  assert.equal((await ana.post(`${large.path}/confirmation`, { code: small.code })).ok, false);
  assert.match((await ana.post(`${small.path}/confirmation`, { code: small.code })).message, /newer one/);
  const ben = rig.person();
  await ben.post('/sign-in', { name: 'ben', password: 'a long password of ben' });
  assert.equal((await ben.post(`${large.path}/confirmation`, { code: large.code })).status, 404);
});
