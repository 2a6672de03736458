import { randomBytes } from 'node:crypto';
import cookie from '@fastify/cookie';
import session from '@fastify/session';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

export async function withSessions(app: NestFastifyApplication): Promise<void> {
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
}
