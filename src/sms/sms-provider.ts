/**
 * The port every SMS gateway implements. A gateway is a plain object in one file: no Nest, no logger,
 * no retry; time-outs, fail-over and metrics are added around it once, in `sms/`.
 */
import type { z } from 'zod';
import type { HttpClient } from '../common/http/http-client';

/** Why a gateway refused for certain. `invalid-number`, `blocked` and `content` are about the message; the rest about the gateway. */
export const rejectReasons = [
  'invalid-number',
  'blocked',
  'unauthorized',
  'no-credit',
  'rate-limited',
  'unavailable',
  'content',
] as const;
export type RejectReason = (typeof rejectReasons)[number];

/** One text to one phone. */
export interface SmsMessage {
  /** Our delivery id: 22 base64url characters; the client reference where the vendor takes one. */
  readonly id: string;
  /** E.164 with the plus. */
  readonly to: string;
  /** ISO 3166-1 alpha-2, or null. */
  readonly country: string | null;
  readonly text: string;
  /** The code inside `text`, for gateways that show it apart (the sandbox inbox). */
  readonly code: string;
  readonly applicationId: string;
}

/** What one gateway said. `unknown`: the request may or may not have been taken (time-out after it was written, 5xx, garbage). */
export type SmsOutcome =
  | { readonly outcome: 'accepted'; readonly reference?: string }
  | { readonly outcome: 'rejected'; readonly reason: RejectReason; readonly vendorCode?: string }
  | { readonly outcome: 'unknown'; readonly vendorCode?: string };

/** A configured gateway. */
export interface SmsProvider {
  /** Must end when `signal` aborts. Never throws for what the gateway says; a throw counts as `unknown`. */
  send(message: SmsMessage, signal: AbortSignal): Promise<SmsOutcome>;
}

/** What a gateway may use besides its settings. */
export interface SmsProviderTools {
  readonly http: HttpClient;
  readonly sandbox: SandboxSink;
}

/** Where the `console` gateway puts its texts. */
export interface SandboxSink {
  add(message: SmsMessage): Promise<void>;
}

export interface SmsProviderDefinition<Config = unknown> {
  /** Lower-case, as written in `SMS_ROUTES`. */
  readonly name: string;
  /**
   * Settings: keys in camelCase; `SMS_<NAME>_<KEY_IN_UPPER_SNAKE>` is the variable. Every key has `.describe(…)`
   * and, where it is a credential, `.meta({ secret: true })`.
   */
  readonly config: z.ZodType<Config>;
  create(config: Config, tools: SmsProviderTools): SmsProvider;
}

/** Types the definition from its own schema. */
export function defineSmsProvider<Config>(
  definition: SmsProviderDefinition<Config>,
): SmsProviderDefinition<Config> {
  return definition;
}

/** One gateway call, for the delivery's record. */
export interface SmsAttempt {
  readonly provider: string;
  readonly outcome: SmsOutcome['outcome'];
  readonly reason: string | null;
  readonly latencyMs: number;
}

/** The result of a delivery over its whole route. */
export interface SmsDelivery {
  readonly outcome: SmsOutcome['outcome'];
  /** The last gateway tried; null when the route is empty. */
  readonly provider: string | null;
  readonly reference: string | null;
  /** A reject reason, `timeout`, or a vendor-neutral word; null when accepted. */
  readonly errorCode: string | null;
  readonly attempts: readonly SmsAttempt[];
}
