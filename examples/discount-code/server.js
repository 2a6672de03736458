import { createHash, timingSafeEqual } from 'node:crypto';
import { listen, openApp, texts } from './app.js';
import { openSixdigit } from './sixdigit.js';

const app = await openApp();
const sixdigit = openSixdigit();

const sha256 = (text) => createHash('sha256').update(text).digest();
const keysOf = {
  office: process.env.OFFICE_KEY,
  'till-1': process.env.TILL_1_KEY,
  'till-2': process.env.TILL_2_KEY,
};
const holders = Object.entries(keysOf).map(([name, key]) => ({ name, hash: sha256(key ?? '') }));

app.addHook('preHandler', async (request, reply) => {
  const given = /^Bearer (.{16,})$/.exec(request.headers.authorization ?? '')?.[1];
  request.holder = given && holders.find(({ hash }) => timingSafeEqual(hash, sha256(given)))?.name;
  if (!request.holder) return reply.code(401).send({ message: 'This device is not known.' });
});

/** To customers who agreed to such messages. */
app.post('/discounts', texts('phone'), async (request, reply) => {
  if (request.holder !== 'office')
    return reply.code(403).send({ message: 'Only the office sends discounts.' });
  const { expiresAt } = await sixdigit('/v1/verifications', { to: request.body.phone, purpose: 'discount' });
  return { until: expiresAt };
});

/** The customer names the number and the code. `receipt` is the till's own number of the sale. */
app.post('/redemptions', texts('phone', 'code', 'receipt'), async (request, reply) => {
  const { phone, code, receipt } = request.body;
  if (!/^[\w-]{1,40}$/.test(receipt))
    return reply.code(422).send({ message: 'This is no number of a receipt.' });
  // A till whose connection broke asks again: for the same sale the answer is the same, for another one the code is gone.
  const { valid } = await sixdigit(
    '/v1/checks',
    { to: phone, purpose: 'discount', code },
    `${request.holder}:${receipt}`,
  );
  if (!valid) return reply.code(422).send({ message: 'Not right, used already, or too old.' });
  return { percentOff: 20 };
});

await listen(app);
