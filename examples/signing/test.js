import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { openRig } from './rig.js';

const anasPhone = '+12015550123';
const draft = 'The rent is 900 EUR a month.';
let rig, ana;
before(async () => (rig = await openRig()));
after(() => rig?.close());
beforeEach(async () => {
  ana = rig.person();
  await ana.post('/sign-in', { name: 'ana', password: 'a long password of ana' });
});

async function askedToSign() {
  const { fingerprint } = await ana.post('/documents/lease/code');
  const { code, text } = await rig.nextMessage(anasPhone);
  assert.match(text, new RegExp(fingerprint), 'the person sees what is signed');
  return code;
}

test('a document that was changed after the message is not signed', async () => {
  const code = await askedToSign();
  await ana.put('/documents/lease', { text: 'The rent is 9000 EUR a month.' });
  assert.match((await ana.post('/documents/lease/signature', { code })).message, /Nothing was signed/);
  assert.deepEqual((await ana.get('/documents/lease/signatures')).signatures, []);
  await ana.put('/documents/lease', { text: draft });
});

test("somebody else's session cannot sign with the code", async () => {
  const code = await askedToSign();
  const ben = rig.person();
  await ben.post('/sign-in', { name: 'ben', password: 'a long password of ben' });
  assert.match((await ben.post('/documents/lease/signature', { code })).message, /ask for a code first/);
  await ben.post('/documents/lease/code');
  assert.equal((await ben.post('/documents/lease/signature', { code })).ok, false);
  assert.equal((await rig.person().post('/documents/lease/code')).status, 401);
});

test('the code signs the text that was shown, once', async () => {
  const code = await askedToSign();
  const { fingerprint } = await ana.get('/documents/lease');
  assert.equal((await ana.post('/documents/lease/signature', { code })).signed, fingerprint);
  assert.equal((await ana.post('/documents/lease/signature', { code })).ok, false);
  const { signatures } = await ana.get('/documents/lease/signatures');
  assert.deepEqual(
    signatures.map(({ signer, digest }) => [signer, digest]),
    [['ana', fingerprint]],
  );
  assert.equal((await ana.put('/documents/lease', { text: 'Another one' })).ok, false);
});
