import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { openRig, otherThan } from './rig.js';

const keys = Object.fromEntries(
  ['NORTH_KEY', 'SOUTH_KEY', 'RECEPTION_KEY'].map((name) => [name, randomBytes(16).toString('hex')]),
);
let rig;
before(async () => (rig = await openRig({ env: keys })));
after(() => rig?.close());

const at = (name) => rig.person({ authorization: `Bearer ${keys[`${name}_KEY`]}` });

async function invited(phone, door = 'north') {
  const { visit } = await at('RECEPTION').post('/invitations', { phone, door });
  return { phone, visit, ...(await rig.nextMessage(phone)) };
}

test('the code opens its door for its number, once', async () => {
  const { phone, code, text } = await invited('+12015550161');
  assert.match(text, /north door/);
  assert.equal((await at('NORTH').post('/open', { phone, code })).open, true);
  assert.equal((await at('NORTH').post('/open', { phone, code })).open, false);
});

test('a keypad that knows nothing but codes asks for the visit number', async () => {
  const { visit, code } = await invited('+12015550162');
  const other = await invited('+12015550163');
  assert.equal((await at('NORTH').post('/open/visit', { visit: other.visit, code })).open, false);
  assert.equal((await at('NORTH').post('/open/visit', { visit: '0000', code })).open, false);
  assert.equal((await at('NORTH').post('/open/visit', { visit, code })).open, true);
});

test('it opens no other door, not for another number, and not without the key of a keypad', async () => {
  const { phone, code } = await invited('+12015550164');
  assert.equal((await at('SOUTH').post('/open', { phone, code })).open, false);
  assert.equal((await at('NORTH').post('/open', { phone: '+12015550165', code })).open, false);
  assert.equal((await rig.person().post('/open', { phone, code })).status, 401);
  assert.equal((await at('NORTH').post('/invitations', { phone, door: 'north' })).status, 403);
  assert.equal((await at('NORTH').post('/open', { phone, code })).open, true);
});

test('five guesses end a code, and nothing tells whether there was one', async () => {
  const { phone, code } = await invited('+12015550166');
  const wrong = await at('NORTH').post('/open', { phone, code: otherThan(code) });
  for (let guess = 1; guess < 5; guess += 1)
    await at('NORTH').post('/open', { phone, code: otherThan(code) });
  assert.deepEqual(await at('NORTH').post('/open', { phone, code }), wrong);
  assert.deepEqual(await at('NORTH').post('/open', { phone: '+12015550169', code }), wrong);
});
