import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { unavailable } from '../errors';
import { tooSlow } from './client-error';
import { hasArrived } from './connections/closing';
import { TAKE_ANSWER_MS } from './connections/limits';
import { waitSecondsOf } from './prefer';

/** Every call is answered within 10 s; what the database has not said by now is not waited for. */
const DEADLINE_MS = 9_500;

type AnswerError = (error: unknown, request: FastifyRequest, reply: FastifyReply) => void;

/**
 * Answers 503 in the place of a call whose steps each keep to their own limit but together take too long. What
 * is under way goes on: its outcome is unknown to the caller, and a repeat with the same idempotency key finds
 * it. A call whose body is not in by then is 400 instead, and nothing has happened. A client that has not taken its
 * answer some time later loses the connection. A hook and not an interceptor: those put every answer through
 * observables.
 */
export function answerInTime(
  fastify: FastifyInstance,
  answer: AnswerError,
  { deadlineMs, takeAnswerMs } = { deadlineMs: DEADLINE_MS, takeAnswerMs: TAKE_ANSWER_MS },
): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    const asked = waitSecondsOf(request.headers['prefer'] as string | undefined) ?? 0;
    const giveUp = () => {
      timer = setTimeout(() => request.raw.socket.destroy(), takeAnswerMs);
      answer(hasArrived(request.raw) ? tooLate() : tooSlow(), request, reply);
    };
    let timer = setTimeout(giveUp, deadlineMs + asked * 1000);
    reply.raw.once('close', () => clearTimeout(timer));
    done();
  });
}

const tooLate = () => unavailable('No answer in time. Repeat with the same Idempotency-Key.');
