import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { unavailable } from '../errors';
import { waitSecondsOf } from './prefer';

/** Every call is answered within 10 s; what the database has not said by now is not waited for. */
const DEADLINE_MS = 9_500;

/**
 * Answers 503 in the place of a call whose steps each keep to their own limit but together take too long. What
 * is under way goes on: its outcome is unknown to the caller, and a repeat with the same idempotency key finds
 * it. A hook and not an interceptor: those put every answer through observables.
 */
export function answerInTime(
  fastify: FastifyInstance,
  answer: (error: unknown, request: FastifyRequest, reply: FastifyReply) => void,
  deadlineMs = DEADLINE_MS,
): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    const asked = waitSecondsOf(request.headers['prefer'] as string | undefined) ?? 0;
    const giveUp = () =>
      answer(unavailable('No answer in time. Repeat with the same Idempotency-Key.'), request, reply);
    const timer = setTimeout(giveUp, deadlineMs + asked * 1000);
    reply.raw.once('close', () => clearTimeout(timer));
    done();
  });
}
