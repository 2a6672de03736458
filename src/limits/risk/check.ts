/**
 * The port every risk check implements: something that is asked whether a code may be sent, before it is. A check is
 * a plain object in one file: no Nest, no logger, no retry; time-outs, bounds, what an outage means and the audit log
 * are added around it once, in `risk.service.ts`.
 */
import type { z } from 'zod';
import type { Channel } from '../../common/channel';
import type { Clock } from '../../common/clock';
import type { HttpClient } from '../../common/outbound/http-client';

/** What a check may know of a create. Nothing of it may reach an error, a log or an address. */
export interface RiskCall {
  readonly applicationId: string;
  readonly purpose: string;
  /** E.164 with the plus. */
  readonly number: string;
  /** ISO 3166-1 alpha-2, or null. */
  readonly country: string | null;
  readonly channel: Channel;
  /** As the caller told it; null also for one that nobody on the internet can have. */
  readonly clientIp: string | null;
  /** The application's own name of the device. */
  readonly deviceId: string | null;
  /** What the person answered to this check's challenge; null: nothing, or the check asks the person nothing. */
  readonly answer: string | null;
}

/** Why a check wants the person to answer a challenge. The first four are about the answer that was given. */
export const stepUpReasons = ['no_answer', 'wrong_answer', 'used_answer', 'late_answer', 'asked'] as const;
export type StepUpReason = (typeof stepUpReasons)[number];

export const denyReasons = ['denied', 'swapped'] as const;
export type DenyReason = (typeof denyReasons)[number];

/**
 * Why a check came to no verdict. An application may have chosen to go on without one, so nobody may be able to bring
 * one about by what a call holds. Two can be brought about by many calls at once: {@link crowdedReasons}.
 */
export const unknownReasons = [
  'timeout',
  'unreachable',
  /** 5xx, or the service says itself that it failed. */
  'failed',
  /** Not as documented. */
  'strange_answer',
  /** Our credentials or settings are refused. */
  'unauthorized',
  /** The service asks us to slow down. */
  'rate_limited',
  /** The service does not know this number. */
  'not_covered',
  /** Asked for by an application, and this server has no settings for it. */
  'not_configured',
  /** Too many calls at once on this instance. */
  'busy',
] as const;
export type UnknownReason = (typeof unknownReasons)[number];

/** Without a verdict for one of these nobody goes on, whatever the application chose. */
export const crowdedReasons: ReadonlySet<UnknownReason> = new Set(['busy', 'rate_limited']);

export type RiskVerdict =
  | { readonly verdict: 'allow' }
  | { readonly verdict: 'deny'; readonly reason: DenyReason }
  | { readonly verdict: 'step_up'; readonly reason: StepUpReason }
  | { readonly verdict: 'unknown'; readonly reason: UnknownReason };

/** What a client needs to put a challenge before the person, e.g. `{siteKey}`. Public. */
export type ChallengeOffer = Readonly<Record<string, string | number>>;

/** A configured check. */
export interface RiskCheck {
  /** Must end when `signal` aborts. Never throws for what the other side says; a throw counts as `unknown`. */
  check(call: RiskCall, signal: AbortSignal): Promise<RiskVerdict>;
  /** There exactly when the definition `asksThePerson`. Costs nothing: an attacker may ask for any number of them. */
  challenge?(call: RiskCall): ChallengeOffer;
}

/** What a check may use besides its settings. */
export interface CheckTools {
  /** Under the same rule for private addresses as gateways. */
  readonly http: HttpClient;
  readonly clock: Clock;
  /** 32 bytes under a key of the server's that every instance has, for challenges of our own. */
  readonly sign: (...fields: readonly string[]) => Buffer;
  /** True for the first caller on any instance; false when this id was taken before. Remembered for two hours. */
  readonly redeem: (id: string) => Promise<boolean>;
}

/** What `docs/risk-checks.md` says about a check beside its settings: Markdown, one or two sentences each. */
export interface CheckDocs {
  readonly title: string;
  /** What it does with the person or the number, and what leaves the server. */
  readonly does: string;
  /** What was checked and how, and what stayed unverified. */
  readonly verified: string;
}

export interface RiskCheckDefinition<Config = unknown> {
  /** Added by {@link defineRiskCheck}. */
  readonly kind?: 'risk-check';
  /** Of this port, as the check was written for it; absent: 1. docs/plugins.md says what may change within one. */
  readonly apiVersion?: 1;
  /** Lower-case, as applications write it in `riskChecks`. */
  readonly name: string;
  /** Whether the verdict hangs on what the person answers to a challenge. Then `step_up` means: answer one. */
  readonly asksThePerson: boolean;
  readonly docs: CheckDocs;
  /**
   * Settings: keys in camelCase; `RISK_<NAME>_<KEY_IN_UPPER_SNAKE>` is the variable. Every key has `.describe(…)` and,
   * where it is a credential, `.meta({ secret: true })`. A schema that takes `{}` makes a check that every server has.
   */
  readonly config: z.ZodType<Config>;
  create(config: Config, tools: CheckTools): RiskCheck;
}

/** Types the definition from its own schema, and marks what it is for whoever loads it. */
export function defineRiskCheck<Config>(
  definition: RiskCheckDefinition<Config>,
): RiskCheckDefinition<Config> {
  return { ...definition, kind: 'risk-check' };
}
