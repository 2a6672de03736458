import { randomUUID } from 'node:crypto';

/** Narrow enough to stand in a log line, a header and a support ticket as it is; not digits alone, which may be a phone number. */
const acceptable = /^(?=.*[A-Za-z])[A-Za-z0-9._-]{1,64}$/;

/** The caller's `X-Request-Id` where it is sane, a new one otherwise: a UUID, for which Node keeps random bytes in store. */
export function requestIdFrom(header: string | string[] | undefined): string {
  return typeof header === 'string' && acceptable.test(header) ? header : randomUUID();
}
