import type { Actor } from './principal';
import type { AccessRefusal } from './refusal';

/** A call that a guard refused. Holds no key. */
export interface RefusedCall {
  readonly type: 'access_denied';
  /** Null: the caller is of no application. */
  readonly applicationId: string | null;
  readonly actor: Actor;
  readonly rule: AccessRefusal;
  /** The key, or the address of a caller without one: tells callers apart, and is never stored. */
  readonly subject: string;
}

/** Keeps a trace of refused calls. */
export interface RefusalRecorder {
  /** Returns at once and never throws: a caller who is refused waits for nothing. */
  recordRefusal(call: RefusedCall): void;
}

/** Injection token of the same name as the port. */
export const RefusalRecorder = Symbol('RefusalRecorder');
