import { randomBytes } from 'node:crypto';
import { knowsPassword, phoneOf } from './accounts.js';
import { listen, openApp, texts } from './app.js';
import { openSixdigit } from './sixdigit.js';

const app = await openApp();
const sixdigit = openSixdigit();
const passwordFirst = { message: 'Please sign in with your password first.' };

app.post('/login', texts('name', 'password'), async (request, reply) => {
  const { name, password } = request.body;
  // First the password, then the message: strangers cannot make us send any.
  if (!knowsPassword(name, password))
    return reply.code(422).send({ message: 'Name or password is not right.' });
  const to = phoneOf(name);
  const { id } = await sixdigit('/v1/verifications', {
    to,
    purpose: 'login',
    clientIp: request.ip,
    deviceId: deviceOf(request, reply),
  });
  request.session.set('pending', { name, id });
  return { next: 'code', sentTo: `••• ${to.slice(-3)}` };
});

app.post('/login/again', async (request, reply) => {
  const pending = request.session.get('pending');
  if (!pending) return reply.code(422).send(passwordFirst);
  await sixdigit(`/v1/verifications/${pending.id}/sends`, {});
  return { next: 'code' };
});

app.post('/login/code', texts('code'), async (request, reply) => {
  const pending = request.session.get('pending');
  if (!pending) return reply.code(422).send(passwordFirst);
  const { valid, checks } = await sixdigit(`/v1/verifications/${pending.id}/checks`, {
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

app.get('/account', async (request, reply) => {
  const user = request.session.get('user');
  return user ? { user } : reply.code(401).send({ message: 'Please sign in.' });
});

app.post('/logout', async (request) => {
  await request.session.destroy();
  return { next: 'login' };
});

/** A browser that the owner has used before is not held up when strangers guess: its name stays, and is not guessable. */
function deviceOf(request, reply) {
  const device = request.cookies.device ?? randomBytes(16).toString('base64url');
  const secure = process.env.NODE_ENV === 'production';
  reply.setCookie('device', device, {
    httpOnly: true,
    sameSite: 'lax',
    secure,
    path: '/',
    maxAge: 31_536_000,
  });
  return device.slice(0, 128);
}

await listen(app);
