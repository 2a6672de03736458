/** Verifications in the words of the HTTP API: the same names, units and shapes, so that code may move between the two. */
import type { Channel } from '../../common/channel';

/** `pending` until it ends, once and for good. Only `approved` is a success, and only your own check proves it. */
export type VerificationStatus = 'pending' | 'approved' | 'failed' | 'expired' | 'canceled' | 'superseded';

/** A payment that a code confirms: a check without exactly these values is wrong. */
export interface Transaction {
  /** A decimal number, e.g. `49.90`; shown to the person as it is. */
  readonly amount: string;
  /** ISO 4217, e.g. `EUR`. */
  readonly currency: string;
  /** Who receives the money, as the person knows them: one line. */
  readonly payee: string;
}

/** What to verify. Settings of the application's purpose stand in for what is absent. */
export interface StartVerification {
  /** E.164 (`+34600123456`), or national together with `country`. */
  readonly to: string;
  /** ISO 3166-1 alpha-2 in either case, for a number in national form. */
  readonly country?: string | undefined;
  /** Which of the application's purposes, e.g. `login`; absent: `default`. */
  readonly purpose?: string | undefined;
  /** By this channel alone. Not together with `channels`. */
  readonly channel?: Channel | undefined;
  /** In this order, the next when one fails or its `waitSeconds` (10–600, default 60) are over. */
  readonly channels?:
    readonly { readonly channel: Channel; readonly waitSeconds?: number | undefined }[] | undefined;
  /** For the channel `email`. */
  readonly email?: string | undefined;
  /** BCP 47, the language of the message. */
  readonly locale?: string | undefined;
  /** Address of the person at your service, IPv4 or IPv6: limits and risk checks look at it. */
  readonly clientIp?: string | undefined;
  /** The person's device, by a name that stays and cannot be guessed. At most 128 characters. */
  readonly deviceId?: string | undefined;
  /** The person's answer to the challenge that came with `challenge_required`. */
  readonly challenge?: string | undefined;
  /** 4–10 digits. */
  readonly codeLength?: number | undefined;
  /** How long the code lives, in whole seconds. */
  readonly ttlSeconds?: number | undefined;
  readonly transaction?: Transaction | undefined;
  /** What the code confirms, by a digest of yours: a check without exactly this is wrong. At most 256 bytes. */
  readonly digest?: string | undefined;
  /** Your own words about it, handed back with every answer. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /** Android SMS Retriever hash of your app, 11 characters. */
  readonly appHash?: string | undefined;
  /** Host of your site, for browsers that fill codes in. */
  readonly webOtpDomain?: string | undefined;
}

/** A guess at a code. */
export interface CheckVerification {
  /** As typed or copied: white space and hyphens are removed, digits of any script are read. */
  readonly code: string;
  /** The one that the verification was started with. */
  readonly transaction?: Transaction | undefined;
  /** The one that the verification was started with. */
  readonly digest?: string | undefined;
  readonly deviceId?: string | undefined;
}

/** A guess by whoever knows the person and not the verification: a cashier, a door. */
export interface CheckRecipient extends CheckVerification {
  /** E.164, or national together with `country`. */
  readonly to: string;
  readonly country?: string | undefined;
  /** Absent: `default`. */
  readonly purpose?: string | undefined;
}

/** Whose call it is. */
export interface OnBehalf {
  /** Absent: `default`, the application that the first start makes for `BOOTSTRAP_API_KEY`. */
  readonly applicationId?: string | undefined;
}

/** How a start is made. */
export interface StartOptions extends OnBehalf {
  /** The same key with the same request takes effect once; kept for 24 h. */
  readonly idempotencyKey?: string | undefined;
  /** How long to wait for the first outcome of the message, in seconds; absent: not at all. */
  readonly waitSeconds?: number | undefined;
}

/** How a check is made. */
export type CheckOptions = Omit<StartOptions, 'waitSeconds'>;

/** Another message with the same code. */
export interface ResendOptions extends OnBehalf {
  /** Absent: the verification's first one. */
  readonly channel?: Channel | undefined;
  /** BCP 47; absent: the verification's. */
  readonly locale?: string | undefined;
}

/** Which verifications, newest first. */
export interface ListVerifications extends OnBehalf {
  readonly to?: string | undefined;
  readonly status?: VerificationStatus | undefined;
  readonly purpose?: string | undefined;
  /** ISO 8601 with zone, inclusive. */
  readonly createdAfter?: string | undefined;
  /** ISO 8601 with zone, exclusive. */
  readonly createdBefore?: string | undefined;
  /** 1–100. */
  readonly limit?: number | undefined;
  /** `nextCursor` of the page before. */
  readonly cursor?: string | undefined;
}

/** An amount of money. */
export interface MoneyAmount {
  /** Six decimals, e.g. `0.034500`. */
  readonly amount: string;
  /** ISO 4217, or `CREDITS` for a vendor's own units. */
  readonly currency: string;
  /** The same in millionths. */
  readonly micros: number;
}

/** A call to a gateway, or a gateway that was passed over in its turn. */
export interface DeliveryAttempt {
  readonly provider: string;
  /** `accepted`, `rejected`, `unknown` or `skipped`. */
  readonly outcome: string;
  readonly reason: string | null;
  readonly vendorCode: string | null;
  readonly latencyMs: number;
  readonly reference: string | null;
  readonly parts: number;
  readonly estimate: MoneyAmount | null;
  readonly price: MoneyAmount | null;
}

/** One message of a verification. */
export interface Delivery {
  readonly id: string;
  readonly channel: Channel;
  /** The gateway that decided; null while none did. */
  readonly provider: string | null;
  readonly state: 'sending' | 'accepted' | 'rejected' | 'unknown' | 'sent' | 'delivered' | 'undelivered';
  /** ISO 8601. */
  readonly attemptedAt: string | null;
  readonly errorCode: string | null;
  readonly parts: number | null;
  readonly duplicates: number;
  readonly attempts: readonly DeliveryAttempt[];
}

/** A verification as it is now. Never holds its code. Times are ISO 8601. */
export interface Verification {
  readonly id: string;
  readonly status: VerificationStatus;
  /** E.164; null from 24 h after the end. */
  readonly to: string | null;
  readonly email: string | null;
  /** ISO 3166-1 alpha-2. */
  readonly country: string | null;
  readonly purpose: string;
  readonly channel: Channel;
  readonly codeLength: number;
  /** Of a test number: no message was sent. */
  readonly test: boolean;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly endedAt: string | null;
  /** Guesses that were evaluated, and how many may be. */
  readonly checks: { readonly used: number; readonly max: number };
  /** Sends in the window of this recipient; `nextAt`: the next is too soon before it. */
  readonly sends: { readonly used: number; readonly max: number; readonly nextAt: string | null };
  readonly deliveries: readonly Delivery[];
  /** Calls that may have brought the same text again. */
  readonly duplicates: number;
  readonly cost: { readonly estimated: readonly MoneyAmount[]; readonly reported: readonly MoneyAmount[] };
  readonly transaction: Transaction | null;
  readonly digest: string | null;
  readonly metadata: Readonly<Record<string, string>> | null;
}

/** `replayed`: this is the remembered answer to an earlier call with the same key. */
export interface StartedVerification extends Verification {
  /** `joined`: a pending one serves, and its code was sent again; `quiet`: it serves, and its last message is too recent. */
  readonly outcome: 'started' | 'joined' | 'quiet';
  readonly replayed: boolean;
}

/** Only `valid: true` proves anything. A wrong guess is an answer as well. */
export interface CheckedVerification extends Verification {
  readonly valid: boolean;
  readonly replayed: boolean;
}

/** `verification` only with `valid: true`: whatever is not right is answered alike. */
export interface CheckedRecipient {
  readonly valid: boolean;
  readonly verification: Verification | null;
  readonly replayed: boolean;
}

/** A page of a list; `nextCursor` null: the last one. */
export interface VerificationPage {
  readonly data: readonly Verification[];
  readonly nextCursor: string | null;
}
