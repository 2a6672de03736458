import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openRig, otherThan } from './rig.js';

const [carla, victim] = ['+12015550131', '+12015550132'];
let rig;
before(async () => (rig = await openRig()));
after(() => rig?.close());

async function waiting(name, phone) {
  const person = rig.person();
  const { next } = await person.post('/sign-up', { name, phone });
  assert.equal(next, 'code');
  return person;
}

test('a number is known once its code was typed, in one form however it was written', async (t) => {
  const person = await waiting('Carla', '+1 (201) 555-0131');
  const code = await rig.nextCode(carla);
  assert.match((await person.post('/sign-up/code', { code: otherThan(code) })).message, /not right/);
  assert.equal((await person.get('/account')).status, 401);
  assert.equal((await person.post('/sign-up/code', { code })).phone, carla);
  assert.equal((await person.get('/account')).name, 'Carla');

  await t.test('a second account on it is refused, and only its owner hears why', async () => {
    const again = await waiting('Carla again', carla);
    assert.doesNotMatch((await again.post('/sign-up/code', { code })).message, /account/);
    const answer = await again.post('/sign-up/code', { code: await rig.nextCode(carla) });
    assert.match(answer.message, /account already/);
  });
});

// The way in of those who start with a number of their own, and end with somebody else's.
test('the code of my number does not make me the owner of another', async () => {
  const thief = await waiting('Thief', '+12015550133');
  const own = await rig.nextCode('+12015550133');
  await thief.post('/sign-up', { name: 'Thief', phone: victim });
  assert.equal((await thief.post('/sign-up/code', { code: own, phone: victim })).ok, false);
  assert.equal((await thief.get('/account')).status, 401);
  const stranger = rig.person();
  const answer = await stranger.post('/sign-up/code', { code: await rig.nextCode(victim) });
  assert.match(answer.message, /give your number first/);
});

test('what is no number is told in words, and nothing is sent', async () => {
  const { ok, message } = await rig.person().post('/sign-up', { name: 'Dan', phone: '+1 201' });
  assert.equal(ok, false);
  assert.match(message, /no phone number we know/);
  assert.doesNotMatch(rig.log(), /555-?01/);
});
