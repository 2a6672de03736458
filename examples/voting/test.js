import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openRig, otherThan } from './rig.js';

let rig;
before(async () => (rig = await openRig()));
after(() => rig?.close());

async function atTheUrn(phone) {
  const person = rig.person();
  assert.equal((await person.post('/vote/code', { phone })).next, 'code');
  return person;
}
const counted = async () =>
  Object.values((await rig.person().get('/result')).ballots).reduce((a, b) => a + b);

test('one number, one vote, however it is written', async () => {
  const before = await counted();
  const person = await atTheUrn('+12015550141');
  const code = await rig.nextCode('+12015550141');
  assert.equal((await person.post('/vote', { code: otherThan(code), choice: 'tea' })).ok, false);
  assert.match((await person.post('/vote', { code, choice: 'beer' })).message, /tea or coffee/);
  assert.match((await person.post('/vote', { code, choice: 'tea' })).message, /counted/);
  assert.match((await person.post('/vote', { code, choice: 'tea' })).message, /used already/);
  const again = await atTheUrn('001 201 555 0141');
  const second = await again.post('/vote', { code: await rig.nextCode('+12015550141'), choice: 'tea' });
  assert.match(second.message, /voted already/);
  assert.equal((await counted()) - before, 1);
});

test('two browsers at the same moment with the same code count once', async () => {
  const before = await counted();
  const people = [await atTheUrn('+12015550142'), await atTheUrn('+12015550142')];
  const code = await rig.nextCode('+12015550142');
  const answers = await Promise.all(people.map((person) => person.post('/vote', { code, choice: 'coffee' })));
  assert.equal(answers.filter(({ ok }) => ok).length, 1);
  assert.equal((await counted()) - before, 1);
});

test("a code of somebody else's number casts no vote", async () => {
  const before = await counted();
  await atTheUrn('+12015550143');
  const code = await rig.nextCode('+12015550143');
  const other = await atTheUrn('+12015550144');
  assert.equal((await other.post('/vote', { code, choice: 'tea' })).ok, false);
  assert.equal((await rig.person().post('/vote', { code, choice: 'tea' })).ok, false);
  assert.equal(await counted(), before);
  assert.doesNotMatch(rig.log(), /20155501/);
});
