import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';
import cookie from '@fastify/cookie';
import session from '@fastify/session';
import Fastify from 'fastify';
import { inWords, Refusal, sixdigit } from './sixdigit.js';

const {
  SIXDIGIT_URL: url = 'http://127.0.0.1:3000',
  SIXDIGIT_API_KEY: apiKey = '',
  PORT = '4000',
} = process.env;
const call = sixdigit({ url, apiKey });

/** Yours are in a database. The number belongs to the account before anything is sent, and never comes from a form. */
const accounts = new Map([
  ['ana', account('+12015550123', 'a long password of ana')],
  ['ben', account('+12015550124', 'a long password of ben')],
]);
const nobody = account('', randomBytes(16).toString('hex'));

function account(phone, password) {
  const salt = randomBytes(16);
  return { phone, salt, hash: scryptSync(password, salt, 32) };
}
const isRight = ({ salt, hash }, password) => timingSafeEqual(hash, scryptSync(password, salt, 32));

/** No bodies in the log: it shows method, path and codes of errors, but no numbers and no codes of people. */
const app = Fastify({ logger: true, bodyLimit: 10_000 });
await app.register(cookie);
await app.register(session, {
  secret: process.env.SESSION_SECRET ?? randomBytes(32).toString('hex'),
  cookie: {
    httpOnly: true,
    sameSite: 'lax',
    secure: process.env.NODE_ENV === 'production',
    maxAge: 3_600_000,
  },
});

app.setErrorHandler((error, request, reply) => {
  request.log.warn({ code: error.code }, 'refused');
  if (error instanceof Refusal) return reply.code(422).send({ message: inWords(error) });
  return reply.code(error.statusCode ?? 500).send({ message: inWords({ code: 'invalid_request' }) });
});

const texts = (...names) => ({
  schema: {
    body: {
      type: 'object',
      required: names,
      properties: Object.fromEntries(names.map((name) => [name, { type: 'string', maxLength: 200 }])),
    },
  },
});

/** A browser that the owner has used before is not held up when strangers guess: its name stays, and is not guessable. */
function deviceOf(request, reply) {
  const device = request.cookies.device ?? randomBytes(16).toString('base64url');
  const year = 365 * 86_400;
  reply.setCookie('device', device, { httpOnly: true, sameSite: 'lax', path: '/', maxAge: year });
  return device.slice(0, 128);
}

app.post('/login', texts('name', 'password'), async (request, reply) => {
  const { name, password } = request.body;
  const known = accounts.get(name);
  // First the password, then the message: strangers cannot make us send any. Unknown names take as long as known ones.
  if (!isRight(known ?? nobody, password) || !known)
    return reply.code(422).send({ message: 'Name or password is not right.' });
  const { id } = await call('/v1/verifications', {
    to: known.phone,
    purpose: 'login',
    clientIp: request.ip,
    deviceId: deviceOf(request, reply),
  });
  request.session.set('pending', { name, id });
  return { next: 'code', sentTo: `••• ${known.phone.slice(-3)}` };
});

app.post('/login/code', texts('code'), async (request, reply) => {
  const pending = request.session.get('pending');
  if (!pending) return reply.code(422).send({ message: 'Please sign in with your password first.' });
  const { valid, checks } = await call(`/v1/verifications/${pending.id}/checks`, {
    code: request.body.code,
    deviceId: deviceOf(request, reply),
  });
  if (!valid) {
    const left = checks.max - checks.used;
    return reply.code(422).send({ message: `That code is not right. Tries left: ${left}.` });
  }
  await request.session.regenerate(); // A session that somebody else planted is worth nothing.
  request.session.set('user', pending.name);
  return { user: pending.name };
});

app.post('/login/again', async (request, reply) => {
  const pending = request.session.get('pending');
  if (!pending) return reply.code(422).send({ message: 'Please sign in with your password first.' });
  await call(`/v1/verifications/${pending.id}/sends`, {});
  return { next: 'code' };
});

app.get('/account', async (request, reply) => {
  const user = request.session.get('user');
  return user ? { user } : reply.code(401).send({ message: 'Please sign in.' });
});

app.post('/logout', async (request) => {
  await request.session.destroy();
  return { next: 'login' };
});

await app.listen({ port: Number(PORT), host: '127.0.0.1' });
process.once('SIGTERM', () => app.close());
