import { setTimeout as sleep } from 'node:timers/promises';
import type { VerificationAnswer } from '../../src/otp/verifications/verifications.dto';
import type { SeededRandom } from './seeded-random';

/** An answer that says what happened. */
export interface Told {
  readonly status: number;
  /** Of a problem, e.g. `verification_approved`; null for a 2xx. */
  readonly code: string | null;
  readonly body: Partial<VerificationAnswer> & { readonly valid?: boolean };
  readonly replayed: boolean;
}

export interface Request {
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly path: string;
  readonly body?: unknown;
  readonly idempotencyKey?: string;
}

/** The API promises every answer within 10 s; the rest is this machine's own slowness under test. */
const ANSWER_LIMIT_MS = 10_500;
const RETRY_MS = [30, 150] as const;
const IN_PROGRESS_RETRY_MS = 500;
/** An instance that did not answer is left alone for this long, as a balancer would. */
const AVOID_MS = 400;

/** A client that knows every instance, as one behind a balancer does, and remembers what it should not have seen. */
export class FaultClient {
  /** Answers that no caller may ever get, whatever breaks. */
  readonly surprises: string[] = [];
  /** How often it stayed unknown what a call did: by the answer that came instead. */
  readonly unknown = { lost: 0, unavailable: 0, inProgress: 0 };

  private readonly avoidUntil = new Map<string, number>();

  constructor(
    private readonly urls: readonly string[],
    private readonly apiKey: string,
    private readonly random: SeededRandom,
  ) {}

  /** One try at one instance. Null: no answer, or one that leaves the outcome open (503, 409 in progress). */
  async once(request: Request): Promise<Told | null> {
    const url = this.pick();
    const started = performance.now();
    const response = await this.fetch(request, url);
    const tookMs = performance.now() - started;
    if (tookMs > ANSWER_LIMIT_MS)
      this.surprises.push(`${request.method} ${request.path}: no answer for ${Math.round(tookMs)} ms`);
    if (response === null) {
      this.unknown.lost++;
      this.avoidUntil.set(url, performance.now() + AVOID_MS);
      return null;
    }
    return this.judge(request, response);
  }

  /** Repeats at any instance until it is told, for at most so long; only safe with an idempotency key, or for reads. */
  async untilTold(request: Request, patienceMs: number): Promise<Told | null> {
    const end = performance.now() + patienceMs;
    for (;;) {
      const before = this.unknown.inProgress;
      const told = await this.once(request);
      if (told !== null || performance.now() >= end) return told;
      const inProgress = this.unknown.inProgress > before;
      await sleep(inProgress ? IN_PROGRESS_RETRY_MS : this.random.between(...RETRY_MS));
    }
  }

  private pick(): string {
    const now = performance.now();
    const good = this.urls.filter((url) => (this.avoidUntil.get(url) ?? 0) <= now);
    return this.random.pick(good.length > 0 ? good : this.urls);
  }

  private async fetch(
    { method, path, body, idempotencyKey }: Request,
    url: string,
  ): Promise<{ response: Response; text: string } | null> {
    try {
      const response = await fetch(url + path, {
        method,
        headers: {
          authorization: `Bearer ${this.apiKey}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
        },
        body: body === undefined ? undefined : JSON.stringify(body),
        signal: AbortSignal.timeout(2 * ANSWER_LIMIT_MS),
      });
      return { response, text: await response.text() };
    } catch {
      return null;
    }
  }

  private judge(request: Request, { response, text }: { response: Response; text: string }): Told | null {
    const body = JSON.parse(text) as Told['body'] & { code?: string };
    const code = response.ok ? null : (body.code ?? 'none');
    if (response.status === 503) this.unknown.unavailable++;
    else if (code === 'idempotency_in_progress' && request.idempotencyKey !== undefined)
      this.unknown.inProgress++;
    else if (response.ok || refusals.has(`${response.status} ${code}`))
      return { status: response.status, code, body, replayed: response.headers.has('idempotent-replayed') };
    else this.surprises.push(`${request.method} ${request.path}: ${response.status} ${code}`);
    return null;
  }
}

/** What a well-behaved caller may be refused; anything else is a fault of the server. */
const refusals = new Set([
  '409 verification_approved',
  '409 verification_failed',
  '409 verification_expired',
  '409 verification_canceled',
  '409 verification_superseded',
  '429 recipient_locked',
  '429 send_limit_reached',
]);
