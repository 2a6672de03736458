/**
 * The port every gateway implements. A gateway is a plain object in one file: no Nest, no logger, no retry;
 * time-outs, fail-over, breakers, prices and metrics are added around it once, in `sms/`.
 */
import type { z } from 'zod';
import type { Channel } from '../common/channel';
import type { HttpClient } from '../common/outbound/http-client';
import type { Money } from '../common/money';
import type { Charge } from '../limits/money/payment';
import type { TcpConnector } from '../common/outbound/tcp-connector';
import type { Sender } from './senders/sender';
import type { ReceiptReading, ReceiptRequest, SmsReceipt } from './receipt';
import type { ValidityByChannel } from './validity';

/**
 * Why a gateway refused for certain. The first five are about the message, and say nothing of the gateway's health;
 * `opted-out` is for what the vendor says of the person alone (STOP), and puts the number on the block list; for what
 * may also be a list of the operator or of the vendor there is `blocked`.
 * `refused` is for what the vendor does not tell apart: number, text, sender or destination. The rest are about the
 * account or the gateway: only what no number and no text can cause, because they count against it for everybody.
 */
export const rejectReasons = [
  'invalid-number',
  'blocked',
  'opted-out',
  'content',
  'refused',
  'unauthorized',
  'no-credit',
  'rate-limited',
  'unavailable',
] as const;
export type RejectReason = (typeof rejectReasons)[number];

/**
 * Whose limit a `rate-limited` refusal is about. `sender`: others may go on; also where the vendor has one word for
 * this and for the account, as a sender has the smaller limit, and another one finds out for one refused call.
 * `recipient`: nobody has to wait but this person.
 */
export const limitOwners = ['account', 'sender', 'recipient'] as const;
export type LimitOwner = (typeof limitOwners)[number];

/** One message to one person. */
export interface SmsMessage {
  /** Our delivery id: 22 base64url characters. */
  readonly id: string;
  /** One of the gateway's `channels`. */
  readonly channel: Channel;
  /** E.164 with the plus; on channel `email` the address. */
  readonly to: string;
  /** ISO 3166-1 alpha-2, or null. */
  readonly country: string | null;
  /** What is written, or on channel `voice` spoken (digits one by one, said twice). */
  readonly text: string;
  /** Of an e-mail; null on every other channel. */
  readonly subject: string | null;
  /** The code inside `text`, for gateways that show it apart (the sandbox inbox) or fill it into a template (WhatsApp). */
  readonly code: string;
  /** BCP 47 language of `text`. */
  readonly locale: string;
  readonly applicationId: string;
  /** Chosen by the application among those that the operator allows; null: the gateway's settings decide. */
  readonly sender: Sender | null;
  /**
   * Whole seconds, rounded down, that the code lives from the moment this is read: read it when the request is made,
   * and hand it to the vendor through `validSeconds`.
   */
  readonly secondsLeft: number;
  /**
   * 44 base64url characters that name verification and delivery: give it to vendors that echo a reference of ours
   * in receipts, so that nothing has to be remembered. Where less fits, use `id`.
   */
  readonly clientReference: string;
  /** Where this gateway is to report what became of the message; null when it could not reach us. Holds a secret. */
  readonly receiptUrl: string | null;
  /**
   * The shorter address for everything that this gateway tells, for a vendor to whom `receiptUrl` is too long: its
   * receipts must then echo `clientReference`. Null when it could not reach us. Holds a secret.
   */
  readonly accountReceiptUrl: string | null;
}

/** What one gateway said. `unknown`: the request may or may not have been taken (time-out after it was written, 5xx, garbage). */
export type SmsOutcome =
  | {
      readonly outcome: 'accepted';
      /** The vendor's id of the message. */
      readonly reference?: string;
      /** Parts that the vendor says it bills; absent: not told. */
      readonly parts?: number;
      /** What the vendor says it bills for all parts; absent: not told, or only later. */
      readonly price?: Money;
      /**
       * Ids under which receipts will come, one per part: only from a gateway that echoes no reference of ours and
       * takes no address per message. They are remembered for three days.
       */
      readonly receiptReferences?: readonly string[];
    }
  | {
      readonly outcome: 'rejected';
      readonly reason: RejectReason;
      readonly vendorCode?: string;
      /** With `rate-limited`: how long the vendor wants to be left alone. */
      readonly retryAfterMs?: number;
      /** With `rate-limited`; absent: `account`. */
      readonly limitOf?: LimitOwner;
    }
  | { readonly outcome: 'unknown'; readonly vendorCode?: string };

/** What is left on the account. */
export type SmsBalance = Money;

/** What one part (voice: one call; e-mail, WhatsApp: one message) costs in a country. */
export interface SmsPrice {
  /** ISO 3166-1 alpha-2, or `*`. */
  readonly country: string;
  readonly channel: Channel;
  readonly price: Money;
}

/** A configured gateway. */
export interface Gateway {
  /** Must end when `signal` aborts. Never throws for what the gateway says; a throw counts as `unknown`. */
  send(message: SmsMessage, signal: AbortSignal): Promise<SmsOutcome>;
  /** Reads one call to this gateway's receipt address; absent where nothing comes by HTTP. Never throws. */
  readReceipts?(request: ReceiptRequest): ReceiptReading | Promise<ReceiptReading>;
  /** Absent where the vendor does not tell. Rejects when it could not be asked. */
  balance?(signal: AbortSignal): Promise<SmsBalance>;
  /** Absent where the vendor does not tell. Rejects when it could not be asked. */
  prices?(signal: AbortSignal): Promise<readonly SmsPrice[]>;
  /** Ends connections that the gateway keeps itself. */
  close?(): Promise<void>;
}

/** What a gateway may use besides its settings. */
export interface GatewayTools {
  readonly http: HttpClient;
  /** For gateways with a protocol of their own: under the same rule for private addresses. */
  readonly tcp: TcpConnector;
  readonly sandbox: SandboxSink;
  /**
   * For receipts that come by a connection of the gateway's own (SMPP). Resolves when they are safe, so that only
   * then they are acknowledged; rejects when they must be delivered again.
   */
  receive(receipts: readonly SmsReceipt[]): Promise<void>;
}

/** Where the `console` gateway puts its texts. */
export interface SandboxSink {
  add(message: SmsMessage): Promise<void>;
}

/** What a gateway can take. */
export interface SmsLimits {
  /** Longest text in UTF-16 units that the vendor takes in one call; a longer one is `content` without asking. */
  readonly maxCharacters: number;
  /** Calls at a time and instance. */
  readonly inFlight: number;
}

export const defaultLimits: SmsLimits = { maxCharacters: 1_600, inFlight: 64 };

/** What `docs/gateways.md` says about a gateway beside its settings: Markdown, one or two sentences each. */
export interface GatewayDocs {
  /** The product's name as the vendor writes it. */
  readonly title: string;
  /** What was checked and how, and what stayed unverified. */
  readonly verified: string;
  /** What to set up at the vendor so that receipts come; how they are authenticated. */
  readonly receipts: string;
}

export interface GatewayDefinition<Config = unknown> {
  /** Added by {@link defineGateway}. */
  readonly kind?: 'gateway';
  /** Of this port, as the gateway was written for it; absent: 1. docs/plugins.md says what may change within one. */
  readonly apiVersion?: 1;
  /** Lower-case, as written in `SMS_ROUTES`; an account of it is written behind a point: `twilio.eu`. */
  readonly name: string;
  /** Default: `sms` alone. */
  readonly channels?: readonly Channel[];
  /** Default: {@link defaultLimits}. */
  readonly limits?: Partial<SmsLimits>;
  readonly docs: GatewayDocs;
  /** For each channel. What the vendor is told is `message.secondsLeft`, never a constant. */
  readonly validity: ValidityByChannel;
  /**
   * Settings: keys in camelCase; `SMS_<NAME>_<KEY_IN_UPPER_SNAKE>` is the variable. Every key has `.describe(…)`
   * and, where it is a credential, `.meta({ secret: true })`.
   */
  readonly config: z.ZodType<Config>;
  /**
   * Settings, by their keys, that a channel needs and these do not hold: a route that asks for the channel is then
   * refused at the start. Absent: what the schema lets pass serves every channel.
   */
  missing?(channel: Channel, config: Config): readonly string[];
  /** Which setting (key) holds the senders of a channel; absent: there are none to choose from. */
  readonly senders?: Readonly<Partial<Record<Channel, string>>>;
  create(config: Config, tools: GatewayTools): Gateway;
}

/** Types the definition from its own schema, and marks what it is for whoever loads it. */
export function defineGateway<Config>(definition: GatewayDefinition<Config>): GatewayDefinition<Config> {
  return { ...definition, kind: 'gateway' };
}

/** Why a gateway was not called though its turn had come; `budget`: the call may not be paid for. */
export const skipReasons = ['breaker-open', 'paused', 'busy', 'budget'] as const;
export type SkipReason = (typeof skipReasons)[number];

/** One gateway call, for the delivery's record; or `skipped`, for a gateway that was not called in its turn. */
export interface SmsAttempt {
  readonly provider: string;
  readonly outcome: SmsOutcome['outcome'] | 'skipped';
  /**
   * A reject reason; `timeout` or `gateway-error` for an unknown outcome; a {@link SkipReason}; null when accepted.
   */
  readonly reason: string | null;
  /** The vendor's own code for a refusal or failure; null when there is none. Letters, digits, `.`, `_`, `-`. */
  readonly vendorCode: string | null;
  readonly latencyMs: number;
  /** The vendor's id; null when not told, or when it repeats the number or the code. */
  readonly reference: string | null;
  /** As the vendor says, else as we count; 1 on every channel but `sms`. */
  readonly parts: number;
  /** By our price book: parts × price; null without a price, or when nothing is owed (rejected). */
  readonly estimate: Money | null;
  /** As the vendor reported, at once or later by a receipt; never mixed with the estimate. */
  readonly price: Money | null;
  /** What budgets were charged for it. Absent: there are none, or nothing is owed. */
  readonly charge?: Charge;
}

/** The result of a delivery over its whole route. */
export interface SmsDelivery {
  readonly outcome: SmsOutcome['outcome'];
  /** The gateway that decided; null when the route is empty. */
  readonly provider: string | null;
  readonly reference: string | null;
  /** A reject reason, `timeout`, or a vendor-neutral word; null when accepted. */
  readonly errorCode: string | null;
  /** The vendor's own code of the gateway that decided. */
  readonly vendorCode: string | null;
  readonly attempts: readonly SmsAttempt[];
  /** What {@link SmsOutcome} of the accepting gateway named; empty for most. */
  readonly receiptReferences: readonly string[];
}
