import type { Channel } from '../common/channel';
import type { PhoneNumberType } from '../phone/phone-number';

export const scopes = [
  'verifications:write',
  'verifications:read',
  'recipients:unlock',
  'audit:read',
  'sandbox:read',
  'messages:preview',
  'statistics:read',
] as const;
/** What an API key may do. */
export type Scope = (typeof scopes)[number];

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

/** A purpose is a fixed word of the application, never data: `login`, `payment`, … */
export const purposePattern = /^[a-z0-9][a-z0-9_-]{0,31}$/;
export const MAX_PURPOSES = 20;

/** A channel of `settings.channels`, and how long the person has until the next one is tried. */
export interface ChannelWait {
  readonly channel: Channel;
  /** 10–600; the last channel's is without meaning. */
  readonly waitSeconds: number;
}

/** How hard a delivery tries. */
export interface DeliveryRules {
  /**
   * When a gateway leaves it open whether it took the text: `failover` asks the next (the person may get the same
   * code twice), `wait` leaves it to receipts and the person.
   */
  readonly onUnknown: 'failover' | 'wait';
  /** One gateway call, 1,000–10,000. */
  readonly attemptTimeoutMs: number;
  /** All gateway calls of a delivery, 1,000–20,000. */
  readonly deadlineMs: number;
  /** A receipt that says undelivered leads to the next gateway when it comes this early, 0–3,600; 0 = never. */
  readonly failoverWithinSeconds: number;
}

export const defaultDelivery: DeliveryRules = {
  onUnknown: 'failover',
  attemptTimeoutMs: 4_000,
  deadlineMs: 15_000,
  failoverWithinSeconds: 120,
};

/** A text of the application's own, in ICU message syntax; the most specific that fits is used. */
export interface Template {
  /** Absent: every purpose. */
  readonly purpose?: string;
  /** Absent: every channel that is written (not WhatsApp, whose templates live at the vendor). */
  readonly channel?: Channel;
  /** BCP 47; absent: every language. */
  readonly locale?: string;
  readonly text: string;
  /** Of an e-mail; absent: the built-in one. */
  readonly subject?: string;
}

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
  /** The same for the other channels; absent: the server's. */
  readonly channelRoutes?: { readonly voice?: string; readonly whatsapp?: string; readonly email?: string };
  /** Channels in the order in which they are tried; absent: `sms` alone. */
  readonly channels?: readonly ChannelWait[];
  readonly delivery?: Partial<DeliveryRules>;
  readonly templates?: readonly Template[];
  /** Whether templates may hold links; default false. */
  readonly allowLinks?: boolean;
  /** Whether a text may lose accents to fit into fewer parts; default false. Built-in texts need none. */
  readonly transliterate?: boolean;
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
  /** Purposes seen so far; with those in the settings at most 20 per application. */
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
  const own = purposeOverride(settings, purpose);
  return {
    ...defaultPolicy,
    ...app,
    ...own,
    sends: { ...defaultPolicy.sends, ...app.sends, ...own.sends },
  };
}

/** A purpose may be called `constructor`: only what the settings hold themselves counts. */
function purposeOverride({ purposes }: ApplicationSettings, purpose: string): PolicyOverride {
  return purposes && Object.hasOwn(purposes, purpose) ? (purposes[purpose] ?? {}) : {};
}

/** Every purpose that counts towards the limit: those used so far and those with settings of their own. */
export function knownPurposes(application: Pick<Application, 'settings' | 'purposes'>): Set<string> {
  return new Set([...application.purposes, ...Object.keys(application.settings.purposes ?? {})]);
}
