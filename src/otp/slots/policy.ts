/** The rules of a verification, per application and purpose. */
export const codeAlphabets = ['numeric', 'alphanumeric'] as const;
export type CodeAlphabet = (typeof codeAlphabets)[number];
export const pendingRules = ['resend', 'replace', 'reject'] as const;
export type WhenPending = (typeof pendingRules)[number];

/** Rules of a verification, per application and purpose; data, never code. Ranges and defaults: design notes in docs/concepts.md. */
export interface Policy {
  readonly codeLength: number;
  readonly codeAlphabet: CodeAlphabet;
  readonly ttlSeconds: number;
  readonly maxChecks: number;
  readonly whenPending: WhenPending;
  readonly sends: { readonly max: number; readonly windowSeconds: number };
  readonly cooldownSeconds: number;
}

export const defaultPolicy: Policy = {
  codeLength: 6,
  codeAlphabet: 'numeric',
  ttlSeconds: 600,
  maxChecks: 5,
  whenPending: 'resend',
  sends: { max: 5, windowSeconds: 600 },
  cooldownSeconds: 30,
};

/** The part of a policy that an application or a purpose sets; the rest is inherited. */
export type PolicyOverride = Partial<Omit<Policy, 'sends'>> & { readonly sends?: Partial<Policy['sends']> };

/** What an application says of its rules. */
export interface PolicySettings {
  readonly policy?: PolicyOverride;
  readonly purposes?: Readonly<Record<string, PolicyOverride>>;
}

/** The policy in force for a purpose: purpose over application over default. */
export function policyFor(settings: PolicySettings, purpose: string): Policy {
  const app = settings.policy ?? {};
  const own = purposeOverride(settings, purpose);
  return {
    ...defaultPolicy,
    ...app,
    ...own,
    sends: { ...defaultPolicy.sends, ...app.sends, ...own.sends },
  };
}

/** A purpose may be called `constructor`: only what the settings hold themselves counts. */
function purposeOverride({ purposes }: PolicySettings, purpose: string): PolicyOverride {
  return purposes && Object.hasOwn(purposes, purpose) ? (purposes[purpose] ?? {}) : {};
}
