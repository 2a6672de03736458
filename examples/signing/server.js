import { createHash } from 'node:crypto';
import { knowsPassword, phoneOf } from './accounts.js';
import { listen, openApp, texts } from './app.js';
import { openSixdigit } from './sixdigit.js';

const app = await openApp();
const sixdigit = openSixdigit();
/** Yours are in a database. */
const documents = new Map([['lease', 'The rent is 900 EUR a month.']]);
const signatures = [];

const fingerprint = (text) => createHash('sha256').update(text, 'utf8').digest('hex');
const signedIn = async (request, reply) => {
  if (!request.session.get('user')) return reply.code(401).send({ message: 'Please sign in.' });
};
const exists = async (request, reply) => {
  if (!documents.has(request.params.id))
    return reply.code(404).send({ message: 'There is no such document.' });
};
const preHandler = [signedIn, exists];

/** Stands for the sign-in that you have. */
app.post('/sign-in', texts('name', 'password'), async (request, reply) => {
  const { name, password } = request.body;
  if (!knowsPassword(name, password))
    return reply.code(422).send({ message: 'Name or password is not right.' });
  await request.session.regenerate();
  request.session.set('user', name);
  return { user: name };
});

/** What is signed is shown whole, with the fingerprint that the message will repeat. */
app.get('/documents/:id', { preHandler }, async ({ params }) => ({
  text: documents.get(params.id),
  fingerprint: fingerprint(documents.get(params.id)),
}));

/** A draft may change until it is signed: that is what the fingerprint is for. */
app.put('/documents/:id', { preHandler, ...texts('text') }, async ({ params, body }, reply) => {
  if (signatures.some(({ document }) => document === params.id))
    return reply.code(422).send({ message: 'This document is signed. Please make a new one.' });
  documents.set(params.id, body.text);
  return { fingerprint: fingerprint(body.text) };
});

app.post('/documents/:id/code', { preHandler }, async (request) => {
  const digest = fingerprint(documents.get(request.params.id));
  const to = phoneOf(request.session.get('user'));
  const { id } = await sixdigit('/v1/verifications', {
    to,
    purpose: 'signature',
    digest,
    clientIp: request.ip,
  });
  request.session.set('signing', id);
  return { next: 'code', fingerprint: digest };
});

app.post('/documents/:id/signature', { preHandler, ...texts('code') }, async (request, reply) => {
  const id = request.session.get('signing');
  if (!id) return reply.code(422).send({ message: 'Please ask for a code first.' });
  // Of the document as it is now, and not of the one that was there when the code was sent.
  const text = documents.get(request.params.id);
  const digest = fingerprint(text);
  const { valid } = await sixdigit(`/v1/verifications/${id}/checks`, { code: request.body.code, digest });
  if (!valid)
    return reply
      .code(422)
      .send({ message: 'The code is not right, or not for this text. Nothing was signed.' });
  // Evidence: what was checked above, who, when, and the id under which the audit log of Sixdigit tells the rest.
  signatures.push({
    document: request.params.id,
    text,
    digest,
    signer: request.session.get('user'),
    verification: id,
    at: new Date(),
  });
  request.session.set('signing', undefined);
  return { signed: digest };
});

app.get('/documents/:id/signatures', { preHandler }, async ({ params }) => ({
  signatures: signatures.filter(({ document }) => document === params.id),
}));

await listen(app);
