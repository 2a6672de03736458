import type { AuditEvent } from '../../audit/audit-event';
import type { VerificationSnapshot } from './read-model/snapshot';

/** What slots had to say at one moment. */
export interface RelayBatch {
  /** In the order in which they happened, per verification. */
  readonly events: readonly AuditEvent[];
  /** One for each verification that changed, as it is now. */
  readonly snapshots: readonly VerificationSnapshot[];
  /** Those among them whose first event this is, so that most likely nobody has copied them before. */
  readonly started: ReadonlySet<string>;
  /** Verifications that lose their place in the slot early, and with it what times their erasure. */
  readonly dropped: readonly string[];
}

/**
 * A place that what happened is copied to. Every batch comes at least once, and batches may come late and out of
 * order: two instances relay at once, and one that was paused goes on where it was.
 */
export interface RelaySink {
  /** For logs. */
  readonly name: string;
  /**
   * Idempotent. What is taken is durable when it resolves: the slots forget it then. When it rejects, the same comes
   * again, in this batch or another.
   */
  take(batch: RelayBatch): Promise<void>;
}

/** Injection token of all sinks. */
export const RelaySinks = Symbol('RelaySinks');
