/** The rules of a verification, per application and purpose: data, never code. What they mean: docs/concepts.md. */
import { channels, type Channel } from '../../common/channel';

/**
 * Digits, or capitals and digits that nobody confuses when reading or hearing them: without 0/O, 1/I/L, S/5,
 * Z/2 and B/8 (the digit of each of the last three pairs stays), and without vowels and Y, so that no code
 * spells a word. 24 characters: six of them are 1.9·10^8 codes.
 */
export const alphabets = { numeric: '0123456789', alphanumeric: '23456789CDFGHJKMNPQRTVWX' } as const;
export type CodeAlphabet = keyof typeof alphabets;
export const codeAlphabets = ['numeric', 'alphanumeric'] as const satisfies readonly CodeAlphabet[];

export const pendingRules = ['resend', 'replace', 'reject'] as const;
export type WhenPending = (typeof pendingRules)[number];

/** Whether a code confirms a payment: if the call says so, always, or never. */
export const transactionRules = ['optional', 'required', 'none'] as const;
export type TransactionRule = (typeof transactionRules)[number];

/** Whether the delays of strangers hold up a device on which a code was right before. */
export const deviceRules = ['exempt', 'held'] as const;

/** The lock after wrong codes in a row. The end at 100 is the same for all. */
export interface LockRules {
  /** The consecutive failure that begins the first lock. */
  readonly afterFailures: number;
  /** The first lock; each further failure doubles it, up to an hour. */
  readonly seconds: number;
  readonly knownDevices: (typeof deviceRules)[number];
}

/** What any code may live, and what one of a purpose for which `longLived` was said. */
export const MAX_TTL_SECONDS = 86_400;
export const MAX_LONG_TTL_SECONDS = 2_592_000;

export interface Policy {
  readonly codeLength: number;
  readonly codeAlphabet: CodeAlphabet;
  readonly ttlSeconds: number;
  /** Somebody has said that codes of this purpose may live for more than a day. */
  readonly longLived: boolean;
  readonly maxChecks: number;
  readonly whenPending: WhenPending;
  readonly sends: { readonly max: number; readonly windowSeconds: number };
  readonly cooldownSeconds: number;
  readonly lock: LockRules;
  readonly transaction: TransactionRule;
  /** By which codes may travel, where a gateway is routed for them. */
  readonly allowedChannels: readonly Channel[];
}

export const defaultPolicy: Policy = {
  codeLength: 6,
  codeAlphabet: 'numeric',
  ttlSeconds: 600,
  longLived: false,
  maxChecks: 5,
  whenPending: 'resend',
  sends: { max: 5, windowSeconds: 600 },
  cooldownSeconds: 30,
  lock: { afterFailures: 10, seconds: 30, knownDevices: 'exempt' },
  transaction: 'optional',
  allowedChannels: channels,
};

type Parts = 'sends' | 'lock';

/** The part of a policy that an application or a purpose sets; the rest is inherited. */
export type PolicyOverride = Partial<Omit<Policy, Parts>> & {
  readonly [Part in Parts]?: Partial<Policy[Part]>;
};

export function withOverride(policy: Policy, override: PolicyOverride = {}): Policy {
  return {
    ...policy,
    ...override,
    sends: { ...policy.sends, ...override.sends },
    lock: { ...policy.lock, ...override.lock },
  };
}

/** Why a code may not live for so long, with what to do; null: it may. */
export function lifeProblem(
  ttlSeconds: number | undefined,
  longLived: boolean | undefined,
  purpose = '{purpose}',
): string | null {
  if (ttlSeconds === undefined || ttlSeconds <= MAX_TTL_SECONDS || longLived === true) return null;
  return (
    `Use at most ${MAX_TTL_SECONDS} (a day), or set settings.purposes.${purpose}.longLived to true: codes of that ` +
    `purpose may then live for up to ${MAX_LONG_TTL_SECONDS} (30 days).`
  );
}

/** How many codes there are of this form. */
export function possibleCodes({
  codeLength,
  codeAlphabet,
}: Pick<Policy, 'codeLength' | 'codeAlphabet'>): number {
  return alphabets[codeAlphabet].length ** codeLength;
}
