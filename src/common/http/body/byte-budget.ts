import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * How many bytes of big bodies are in memory at once, those included that have not arrived yet. Counted in bytes and
 * not in bodies: what a client announces is what it may take.
 */
export class ByteBudget {
  private taken = 0;

  /** @param total bytes of all bodies; @param perBody what a body may have that does not announce its length */
  constructor(
    private readonly total: number,
    private readonly perBody: number,
  ) {}

  /** Takes what this body needs until the call has ended; false, and nothing is taken, when there is not so much left. */
  take(request: FastifyRequest, reply: FastifyReply): boolean {
    const bytes = this.sizeOf(request);
    if (this.taken + bytes > this.total) return false;
    this.taken += bytes;
    reply.raw.once('close', () => (this.taken -= bytes));
    return true;
  }

  private sizeOf({ headers }: FastifyRequest): number {
    if (headers['transfer-encoding'] !== undefined) return this.perBody;
    // What is announced too big is refused before it is read.
    return Math.min(Number(headers['content-length'] ?? 0), this.perBody);
  }
}
