import type { Actor } from '../access/principal';
import { newId } from '../common/ids';
import { refusalEventId, type AuditEvent, type AuditEventType } from './audit-event';

/** A call that was refused and changed nothing. Holds no code, no key, no clear phone number. */
export interface Refusal {
  readonly type: AuditEventType;
  readonly applicationId: string | null;
  readonly verificationId?: string | null;
  readonly purpose?: string | null;
  /** Masked. */
  readonly to?: string | null;
  readonly actor: Actor;
  /** Why, as an error code or rule name: `recipient_locked`, `forbidden`, … */
  readonly rule: string;
  /** What the rule measured, in vocabulary and numbers: goes into the event's `data`. */
  readonly details?: AuditEvent['data'];
  /** What the allowance counts on: the slot, the key, or the address of a caller without one. Never stored. */
  readonly subject: string;
}

const WINDOW_MS = 60_000;
/** Events of their own per subject, rule and window; the rest is only counted. */
const ALLOWANCE = 10;
/** Bounds of memory: what does not fit is counted, not kept. */
const MAX_SUBJECTS = 5_000;
const MAX_QUEUED = 5_000;

interface Tally {
  readonly first: Refusal;
  seen: number;
  suppressed: number;
}

/**
 * Turns a flood of refusals into few events: at most ten per subject and rule a minute, and one with the
 * count of the others when the minute is over. An attacker therefore cannot fill the log, and the log still
 * says how hard they tried.
 */
export class Refusals {
  private tallies = new Map<string, Tally>();
  private queue: AuditEvent[] = [];
  private windowEndsAt = 0;

  /** @param now milliseconds since the epoch */
  add(refusal: Refusal, now: number): void {
    if (this.isOver(now)) this.closeWindow(now);
    const tally = this.tallyFor(refusal);
    tally.seen += 1;
    if (tally.seen > ALLOWANCE || this.queue.length >= MAX_QUEUED) tally.suppressed += 1;
    else this.queue.push(toEvent(refusal, now, 1));
  }

  /** Hands over what is ready to be stored; `everything` also closes the running minute (shutdown). */
  take(now: number, everything = false): AuditEvent[] {
    if (everything || this.isOver(now)) this.closeWindow(now);
    const taken = this.queue;
    this.queue = [];
    return taken;
  }

  get isEmpty(): boolean {
    return this.queue.length === 0 && this.tallies.size === 0;
  }

  /** Also when the clock was set back: a window never lasts longer than a minute from now. */
  private isOver(now: number): boolean {
    return now >= this.windowEndsAt || this.windowEndsAt - now > WINDOW_MS;
  }

  private tallyFor(refusal: Refusal): Tally {
    const key = JSON.stringify([refusal.applicationId, refusal.type, refusal.rule, refusal.subject]);
    return this.tallies.get(key) ?? this.startTally(key, refusal);
  }

  /** With too many subjects at once the newcomers share one tally per application and rule, of which there are few. */
  private startTally(key: string, refusal: Refusal): Tally {
    if (this.tallies.size < MAX_SUBJECTS) return this.put(key, refusal);
    const shared = JSON.stringify([refusal.applicationId, refusal.type, refusal.rule]);
    const { type, applicationId, rule, subject } = refusal;
    return (
      this.tallies.get(shared) ?? this.put(shared, { type, applicationId, rule, subject, actor: 'anonymous' })
    );
  }

  private put(key: string, first: Refusal): Tally {
    const tally: Tally = { first, seen: 0, suppressed: 0 };
    this.tallies.set(key, tally);
    return tally;
  }

  private closeWindow(now: number): void {
    for (const { first, suppressed } of this.tallies.values()) {
      if (suppressed > 0) this.queue.push(toEvent(first, now, suppressed));
    }
    this.tallies = new Map();
    this.windowEndsAt = now + WINDOW_MS;
  }
}

function toEvent(refusal: Refusal, now: number, count: number): AuditEvent {
  const verificationId = refusal.verificationId ?? null;
  return {
    id: refusalEventId(verificationId, newId()),
    type: refusal.type,
    applicationId: refusal.applicationId,
    verificationId,
    seq: null,
    at: new Date(now),
    actor: refusal.actor,
    purpose: refusal.purpose ?? null,
    to: refusal.to ?? null,
    data: { count, rule: refusal.rule, ...refusal.details },
  };
}
