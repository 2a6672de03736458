import { createHmac, randomBytes } from 'node:crypto';
import { listen, openApp, texts } from './app.js';
import { openSixdigit } from './sixdigit.js';

const app = await openApp();
const sixdigit = openSixdigit();
const choices = ['tea', 'coffee'];
/** Keep it apart from the votes, and destroy it when the vote is over: nobody can ask then whether a number has voted. */
const voteKey = process.env.VOTE_KEY ?? randomBytes(32).toString('hex');

/** Yours are in a database, with a unique index on `voter`. */
const voters = new Set();
const ballots = Object.fromEntries(choices.map((choice) => [choice, 0]));

/** Keyed: there are so few numbers that a plain hash of each is found in minutes. */
const voterOf = (phone) => createHmac('sha256', voteKey).update(phone).digest('base64url');

/**
 * Both or none, and never between another's: with a database an insert that the unique index may refuse, and the ballot, in
 * one transaction. The ballot does not say whose it is.
 */
function castOnce(voter, choice) {
  if (voters.has(voter)) return false;
  voters.add(voter);
  ballots[choice] += 1;
  return true;
}

app.post('/vote/code', texts('phone'), async (request) => {
  const { id } = await sixdigit('/v1/verifications', {
    to: request.body.phone,
    purpose: 'vote',
    clientIp: request.ip,
  });
  request.session.set('voting', id);
  return { next: 'code' };
});

app.post('/vote', texts('code', 'choice'), async (request, reply) => {
  const { code, choice } = request.body;
  const id = request.session.get('voting');
  if (!id) return reply.code(422).send({ message: 'Please give your number first.' });
  // Before the code is used up.
  if (!choices.includes(choice)) return reply.code(422).send({ message: 'Please choose tea or coffee.' });
  const { valid, to } = await sixdigit(`/v1/verifications/${id}/checks`, { code });
  if (!valid) return reply.code(422).send({ message: 'That code is not right. You have not voted.' });
  // Whether a number has voted is told only to who has just proven to have it.
  if (!castOnce(voterOf(to), choice))
    return reply.code(422).send({ message: 'This number has voted already.' });
  return { message: 'Your vote is counted.' };
});

app.get('/result', async () => ({ ballots }));

await listen(app);
