import { listen, openApp, texts } from './app.js';
import { openSixdigit } from './sixdigit.js';

const app = await openApp();
const sixdigit = openSixdigit();
/** Yours are in a database, with a unique index on the number. */
const accountsByPhone = new Map();

app.post('/sign-up', texts('name', 'phone'), async (request) => {
  const { name, phone } = request.body;
  const { id, to } = await sixdigit('/v1/verifications', {
    to: phone,
    purpose: 'signup',
    clientIp: request.ip,
  });
  // The name and the number belong to this verification from here on. Another number begins another one.
  request.session.set('pending', { id, name });
  return { next: 'code', sentTo: to };
});

app.post('/sign-up/again', async (request, reply) => {
  const pending = request.session.get('pending');
  if (!pending) return reply.code(422).send({ message: 'Please give your number first.' });
  await sixdigit(`/v1/verifications/${pending.id}/sends`, {});
  return { next: 'code' };
});

app.post('/sign-up/code', texts('code'), async (request, reply) => {
  const pending = request.session.get('pending');
  if (!pending) return reply.code(422).send({ message: 'Please give your number first.' });
  const { valid, to } = await sixdigit(`/v1/verifications/${pending.id}/checks`, { code: request.body.code });
  if (!valid)
    return reply.code(422).send({ message: 'That code is not right. Please use the newest message.' });
  // Told only to somebody who has the number: others cannot ask us who our customers are.
  if (accountsByPhone.has(to))
    return reply.code(422).send({ message: 'This number has an account already. Please sign in.' });
  // `to` is Sixdigit's word for the number, in one form however it was typed. The form's own is not used again.
  accountsByPhone.set(to, { name: pending.name, phone: to, phoneVerifiedAt: new Date() });
  await request.session.regenerate();
  request.session.set('phone', to);
  return { name: pending.name, phone: to };
});

app.get('/account', async (request, reply) => {
  const account = accountsByPhone.get(request.session.get('phone'));
  return account ?? reply.code(401).send({ message: 'Please sign up.' });
});

await listen(app);
