import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openRig, otherThan } from './rig.js';

const [eva, finn, nobody] = ['+12015550151', '+12015550152', '+12015550159'];
let rig;
before(async () => (rig = await openRig()));
after(() => rig?.close());

async function asking(phone) {
  const person = rig.person();
  return { person, answer: await person.post('/access', { phone }) };
}

test('the code opens the papers of its number, once', async () => {
  const { person } = await asking('+1 201-555-0151');
  const code = await rig.nextCode(eva);
  assert.equal((await person.get('/papers')).status, 401);
  assert.equal((await person.post('/access/code', { code })).next, 'papers');
  assert.deepEqual((await person.get('/papers')).papers, ['Blood test of May']);
  const { person: thief } = await asking(eva);
  await rig.nextCode(eva);
  assert.equal((await thief.post('/access/code', { code })).ok, false);
  assert.equal((await thief.get('/papers')).status, 401);
});

test('a stranger learns neither whom we know nor whether a code is out there', async () => {
  const unknown = await asking(nobody);
  const known = await asking(finn);
  assert.deepEqual(unknown.answer, known.answer);
  const code = await rig.nextCode(finn);
  const no = await known.person.post('/access/code', { code: otherThan(code) });
  assert.deepEqual(await unknown.person.post('/access/code', { code }), no);
  for (let guess = 0; guess < 5; guess += 1)
    assert.deepEqual(await known.person.post('/access/code', { code: otherThan(code) }), no);
  assert.deepEqual(await known.person.post('/access/code', { code }), no, 'five guesses ended it');
  assert.deepEqual(await rig.messages(nobody), [], 'a number that is not on file gets nothing');
});

test('the log of the example has no numbers', () => assert.doesNotMatch(rig.log(), /555-?015/));
