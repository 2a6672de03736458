import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { openRig, otherThan } from './rig.js';

const ana = { name: 'ana', password: 'a long password of ana' };
const ben = { name: 'ben', password: 'a long password of ben' };
const [anasPhone, bensPhone] = ['+12015550123', '+12015550124'];
let rig;
let isLosing = false;
before(async () => (rig = await openRig({ between: line })));
after(() => rig?.close());

/** The line to Sixdigit: it loses the next answer to a check when it is told to. */
async function line(sixdigit, ends) {
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray());
    const { authorization, 'idempotency-key': key } = request.headers;
    const headers = { authorization, 'content-type': 'application/json', 'idempotency-key': key };
    const answer = await fetch(sixdigit + request.url, { method: request.method, headers, body });
    const text = await answer.text();
    if (isLosing && request.url.endsWith('/checks')) {
      isLosing = false;
      return response.destroy();
    }
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') }).end(text);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => new Promise((resolve) => server.close(resolve).closeAllConnections()));
  return `http://127.0.0.1:${server.address().port}`;
}

/** Somebody who has typed name and password, and has not typed the code. */
async function halfWayIn(who) {
  const person = rig.person();
  assert.equal((await person.post('/login', who)).next, 'code');
  return person;
}

test('two factors let in, one does not, and no code works twice or for somebody else', async (t) => {
  const person = await halfWayIn(ana);
  const planted = person.cookies.get('sessionId');
  const code = await rig.nextCode(anasPhone);

  await t.test('the password alone opens nothing, and a wrong one sends nothing', async () => {
    assert.equal((await person.get('/account')).status, 401);
    const stranger = rig.person();
    assert.equal((await stranger.post('/login', { ...ana, password: 'guess' })).ok, false);
    assert.equal((await stranger.post('/login/code', { code })).ok, false);
  });

  await t.test("another person's code is wrong", async () => {
    const other = await halfWayIn(ben);
    await rig.nextCode(bensPhone);
    assert.match((await other.post('/login/code', { code })).message, /Tries left: 4/);
    assert.equal((await other.get('/account')).status, 401);
  });

  await t.test('the code lets in, into a new session', async () => {
    assert.equal((await person.post('/login/code', { code })).user, 'ana');
    assert.equal((await person.get('/account')).user, 'ana');
    assert.notEqual(person.cookies.get('sessionId'), planted);
  });

  await t.test('the same code does not let in again', async () => {
    const thief = await halfWayIn(ana);
    await rig.nextCode(anasPhone);
    assert.equal((await thief.post('/login/code', { code })).ok, false);
    assert.equal((await thief.get('/account')).status, 401);
  });
});

test('five guesses end it, also for the right code', async () => {
  const person = await halfWayIn(ben);
  const code = await rig.nextCode(bensPhone);
  const answers = [];
  for (let guess = 0; guess < 6; guess += 1)
    answers.push((await person.post('/login/code', { code: otherThan(code) })).message);
  assert.match(answers.at(-1), /too many wrong codes/);
  assert.match((await person.post('/login/code', { code })).message, /too many wrong codes/);
});

// Catches: a repeat under another key, which finds the code used up, and a call that is not repeated.
test('an answer that gets lost keeps nobody out', async () => {
  const person = await halfWayIn(ana);
  const code = await rig.nextCode(anasPhone);
  isLosing = true;
  assert.equal((await person.post('/login/code', { code })).user, 'ana');
  assert.equal(isLosing, false, 'one was lost');
});

test('neither numbers nor codes are in the log of the example', async () => {
  const person = await halfWayIn(ana);
  const code = await rig.nextCode(anasPhone);
  await person.post('/login/code', { code: otherThan(code) });
  assert.match(rig.log(), /login\/code/);
  assert.doesNotMatch(rig.log(), new RegExp(`2015550|"${code}"`));
});
