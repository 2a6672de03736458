import { randomUUID } from 'node:crypto';
import { knowsPassword, phoneOf } from './accounts.js';
import { listen, openApp, texts } from './app.js';
import { openSixdigit } from './sixdigit.js';

const app = await openApp();
const sixdigit = openSixdigit();
/** Yours are in a database. */
const payments = new Map();

const signedIn = async (request, reply) => {
  if (!request.session.get('user')) return reply.code(401).send({ message: 'Please sign in.' });
};
/** Of this person, and not yet paid. */
const isOpen = async (request, reply) => {
  const payment = payments.get(request.params.id);
  if (payment?.payer !== request.session.get('user') || payment.paid)
    return reply.code(404).send({ message: 'There is no such payment to confirm.' });
};
const preHandler = [signedIn, isOpen];

/** The very strings that are paid: "49.90" and "49.9" are not the same to a check. */
const transactionOf = ({ amount, currency, payee }) => ({ amount, currency, payee });

/** Stands for the sign-in that you have. */
app.post('/sign-in', texts('name', 'password'), async (request, reply) => {
  const { name, password } = request.body;
  if (!knowsPassword(name, password))
    return reply.code(422).send({ message: 'Name or password is not right.' });
  await request.session.regenerate();
  request.session.set('user', name);
  return { user: name };
});

const money = { type: 'string', pattern: '^[1-9]\\d{0,6}\\.\\d{2}$' };
const payee = { type: 'string', minLength: 1, maxLength: 30 };
const body = { type: 'object', required: ['amount', 'payee'], properties: { amount: money, payee } };

app.post('/payments', { preHandler: signedIn, schema: { body } }, async (request) => {
  const id = randomUUID();
  const { amount, payee } = request.body;
  payments.set(id, { payer: request.session.get('user'), amount, currency: 'EUR', payee });
  return { id };
});

app.put('/payments/:id', { preHandler, schema: { body } }, async ({ params, body }) => {
  Object.assign(payments.get(params.id), { amount: body.amount, payee: body.payee });
  return { id: params.id };
});

app.post('/payments/:id/code', { preHandler }, async (request) => {
  const payment = payments.get(request.params.id);
  const { id } = await sixdigit('/v1/verifications', {
    to: phoneOf(payment.payer),
    purpose: 'payment',
    transaction: transactionOf(payment),
    clientIp: request.ip,
  });
  payment.verification = id;
  return { next: 'code' };
});

app.post('/payments/:id/confirmation', { preHandler, ...texts('code') }, async (request, reply) => {
  const payment = payments.get(request.params.id);
  if (!payment.verification) return reply.code(422).send({ message: 'Please ask for a code first.' });
  // What is going to be paid now, and not what was asked for then. What is checked here is what is paid below.
  const transaction = transactionOf(payment);
  const { code } = request.body;
  const { valid } = await sixdigit(`/v1/verifications/${payment.verification}/checks`, { code, transaction });
  if (!valid)
    return reply.code(422).send({ message: 'The code is not right for this payment. Nothing was paid.' });
  payment.paid = { ...transaction, at: new Date() };
  return { paid: transaction };
});

await listen(app);
