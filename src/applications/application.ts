import type { PhoneNumberType } from '../phone/phone-number';

export const scopes = [
  'verifications:write',
  'verifications:read',
  'recipients:unlock',
  'audit:read',
  'sandbox:read',
] as const;
/** What an API key may do. */
export type Scope = (typeof scopes)[number];

export type CodeAlphabet = 'numeric' | 'alphanumeric';
export type WhenPending = 'resend' | 'replace' | 'reject';

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

type PolicyOverride = Partial<Omit<Policy, 'sends'>> & { readonly sends?: Partial<Policy['sends']> };

/** Everything an application may set; all optional, defaults apply at use. */
export interface ApplicationSettings {
  readonly brand?: string;
  /** BCP 47, e.g. `es-MX`. */
  readonly locale?: string;
  /** Shown to people in texts, e.g. an e-mail address or URL of the support. */
  readonly contact?: string;
  /** ISO 3166-1 alpha-2; absent: all in development, none in production. */
  readonly allowedCountries?: readonly string[];
  readonly allowedNumberTypes?: readonly PhoneNumberType[];
  /** As `SMS_ROUTES`; absent: the server's routes. */
  readonly routes?: string;
  readonly webOtpDomain?: string;
  readonly appHash?: string;
  readonly disabled?: boolean;
  readonly policy?: PolicyOverride;
  readonly purposes?: Readonly<Record<string, PolicyOverride>>;
}

/** A tenant's app or environment. Nothing is shared between two of them. */
export interface Application {
  readonly id: string;
  readonly name: string;
  readonly settings: ApplicationSettings;
  readonly createdAt: Date;
  /** Purposes seen so far; at most 20 per application. */
  readonly purposes: readonly string[];
}

/** Who makes a call: set on the request by the guard, handed to services as a value. */
export interface Principal {
  readonly application: Application;
  readonly keyId: string;
  readonly scopes: readonly Scope[];
}

/** The policy in force for a purpose: purpose over application over default. */
export function policyFor(settings: ApplicationSettings, purpose: string): Policy {
  const app = settings.policy ?? {};
  const own = settings.purposes?.[purpose] ?? {};
  return {
    ...defaultPolicy,
    ...app,
    ...own,
    sends: { ...defaultPolicy.sends, ...app.sends, ...own.sends },
  };
}
