/**
 * What holds for a whole call: who makes it, for which application, by which rules. Resolved once, at the edge, and
 * handed on. An API with rules of its own makes a context with a `policyOf` of its own.
 */
import type { Application } from '../../applications/application';
import { policyFor } from '../policy/effective-policy';
import type { Policy } from '../policy/policy';

export interface CallContext {
  /** As it was when the call came in. */
  readonly application: Application;
  readonly keyId: string;
  /** The key, as events name it. */
  readonly actor: `key:${string}`;
  /** The rules for what this call starts; a verification that is there goes by the rules it was started with. */
  readonly policyOf: (purpose: string) => Policy;
}

/** A call by the application's own rules. */
export function contextOf(application: Application, keyId: string): CallContext {
  return {
    application,
    keyId,
    actor: `key:${keyId}`,
    policyOf: (purpose) => policyFor(application.settings, purpose),
  };
}
