import { randomBytes } from 'node:crypto';
import cookie from '@fastify/cookie';
import session from '@fastify/session';
import Fastify from 'fastify';
import { inWords, Refusal } from './sixdigit.js';

/** A backend with sessions. Its log has paths and codes of errors, and no bodies: so no numbers and no codes of people. */
export async function openApp() {
  const app = Fastify({
    logger: true,
    bodyLimit: 10_000,
    // Addresses of proxies in front, `10.0.0.0/8`: else all people have the proxy's, and no cookie is sent over TLS.
    trustProxy: process.env.TRUSTED_PROXIES ?? false,
  });
  await app.register(cookie);
  await app.register(session, {
    secret: process.env.SESSION_SECRET ?? randomBytes(32).toString('hex'),
    cookie: {
      httpOnly: true,
      sameSite: 'lax', // Other sites cannot post with the cookies of your people.
      secure: process.env.NODE_ENV === 'production',
      maxAge: 3_600_000,
    },
  });
  app.setErrorHandler((error, request, reply) => {
    request.log.warn({ code: error.code }, 'refused');
    if (error instanceof Refusal) return reply.code(422).send({ message: inWords(error) });
    return reply
      .code(error.statusCode ?? 500)
      .send({ message: inWords({ code: error.validation ? 'invalid_request' : 'internal' }) });
  });
  return app;
}

export async function listen(app) {
  process.once('SIGTERM', () => app.close());
  await app.listen({ port: Number(process.env.PORT ?? '4000'), host: '127.0.0.1' });
}

/** A body of these texts, each of which has to be there. */
export const texts = (...names) => ({
  schema: {
    body: {
      type: 'object',
      required: names,
      properties: Object.fromEntries(names.map((name) => [name, { type: 'string', maxLength: 200 }])),
    },
  },
});
