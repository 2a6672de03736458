import { findCode, type SinkMessage } from '../support/gateway-sink';
import type { SeededRandom } from '../faults/seeded-random';

/** So few that they meet again: locks, joins and cool-downs are part of it. */
const NUMBERS = 2_000;
const REMEMBERED = 200;

/** What one request is about, so that its parts fit together now and then. */
export interface Focus {
  readonly to: string;
  /** Of a verification to that number, if there was one. */
  readonly verificationId: string | null;
  /** The code of the last text to that number. */
  readonly code: string | null;
}

/** What is known of the server's state from its answers and texts: requests that name what exists go deeper. */
export class Pool {
  private readonly remembered = new Map<string, string[]>();
  private readonly codes = new Map<string, string>();
  private readonly verifications: { readonly id: string; readonly to: string }[] = [];

  constructor(private readonly random: SeededRandom) {}

  focus(): Focus {
    const { random, verifications } = this;
    const known = random.chance(0.8) && verifications.length > 0 ? random.pick(verifications) : null;
    const to = known?.to ?? `+346${String(10_000_000 + random.below(NUMBERS))}`;
    return { to, verificationId: known?.id ?? null, code: this.codes.get(to) ?? null };
  }

  /** Something of a kind that an answer has named; null: none so far. */
  any(kind: string): string | null {
    const known = this.remembered.get(kind) ?? [];
    return known.length > 0 ? this.random.pick(known) : null;
  }

  remember(kind: string, value: unknown): void {
    if (typeof value !== 'string') return;
    const known = this.remembered.get(kind) ?? [];
    this.put(known, value);
    this.remembered.set(kind, known);
  }

  /** What of an answer other requests can use. @param call as `post /v1/verifications` */
  learn(call: string, body: Readonly<Record<string, unknown>>): void {
    const { id, to, key, nextCursor } = body;
    this.remember('cursor', nextCursor);
    if (call === 'post /v1/verifications' && typeof id === 'string' && typeof to === 'string')
      this.put(this.verifications, { id, to });
    if (call === 'post /v1/blocks') this.remember('block', id);
    if (call === 'post /v1/applications') this.remember('application', id);
    if (call === 'post /v1/applications/{applicationId}/keys') {
      this.remember('keyId', id);
      this.remember('key', key);
    }
  }

  /** Takes the texts out of the sink. */
  read(messages: SinkMessage[]): void {
    for (const { to, text } of messages.splice(0)) {
      const code = findCode(text);
      // Texts that an operator tries a gateway with are any text.
      if (code !== null) this.codes.set(to, code);
    }
  }

  /** The newest take the place of others. */
  private put<T>(known: T[], value: T): void {
    if (known.length < REMEMBERED) known.push(value);
    else known[this.random.below(REMEMBERED)] = value;
  }
}
