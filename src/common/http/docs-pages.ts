import type { RouteOptions } from 'fastify';
import { unavailable } from '../errors';
import { docsHeaders } from './security-headers';

/**
 * Answers of the documentation at once. Each holds a file open for as long as its reader takes, and anybody may read:
 * without a bound they would take the descriptors that calls and the database need. One page needs six.
 */
const MAX_OPEN_PAGES = 32;

/** To be called for each route below `/docs`. */
export function docsPages(): (route: RouteOptions) => void {
  let open = 0;
  return (route) => {
    route.onRequest = (_request, reply, done) => {
      if (open >= MAX_OPEN_PAGES) return done(unavailable('Too many readers at once. Try again.', 5));
      open += 1;
      reply.raw.once('close', () => (open -= 1));
      done();
    };
    route.onSend = (_request, reply, payload, done) => {
      reply.headers(docsHeaders);
      done(null, payload);
    };
  };
}
