/** A hosted verification: everything between "begin" at a backend and the proof that it redeems. */
import type { Channel } from '../../common/channel';
import type { Transaction } from '../../otp/slots/personal';

/** The page of this server, or the component in a page of the application. */
export type Surface = 'page' | 'component';

export interface Process {
  readonly id: string;
  /** One more with each write: a write that does not find the version it was made for changes nothing. */
  readonly v: number;
  readonly applicationId: string;
  /** The key that began it. What the person causes is done in its name. */
  readonly keyId: string;
  readonly purpose: string;
  readonly surface: Surface;
  /** Of the page that carries the component; null for the page of this server. */
  readonly origin: string | null;
  readonly returnUrl: string | null;
  readonly cancelUrl: string | null;
  /** BCP 47. */
  readonly locale: string | null;
  /** By which the person may ask for the code, the first one first; null: what the policy allows. */
  readonly channels: readonly Channel[] | null;
  /** To be chosen first. */
  readonly country: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly status: 'open' | 'approved' | 'canceled';
  /** Who goes on with it, by the digest of a cookie; null: nobody yet. */
  readonly visitor: string | null;
  /** A message went out, so that nobody else may go on with it. */
  readonly hasSent: boolean;
  /** Messages asked for, over all numbers. */
  readonly messages: number;
  /** The last message that was asked for, by the name that the view gave it. */
  readonly operation: string | null;
  readonly code: CodeUnderWay | null;
  readonly approvedAt: Date | null;
  /** `call` names the call that did it: a digest of its Idempotency-Key, or chance. */
  readonly redeemed: { readonly at: Date; readonly call: string } | null;
  readonly personal: ProcessPersonal;
}

/** What this process knows of the code that it caused; the rest is the verification's. */
export interface CodeUnderWay {
  readonly verificationId: string;
  /** Asked for in this process. */
  readonly sends: number;
  readonly sentAt: Date;
  readonly channel: Channel;
  /** A guess of this process was wrong. */
  readonly hadWrong: boolean;
}

/** Sealed where it is stored. */
export interface ProcessPersonal {
  /** E.164; null: the person has still to type it. */
  readonly to: string | null;
  /** By the person, in the browser that the process is bound to. */
  readonly isTyped: boolean;
  readonly email: string | null;
  readonly transaction: Transaction | null;
  /** Absent in a process that was begun before there were digests. */
  readonly digest?: string | null;
  /** The backend's own words, given back with the proof. */
  readonly state: string | null;
  readonly metadata: Readonly<Record<string, string>> | null;
}

/** Of the component: whoever has the session's token. */
export const SESSION_VISITOR = 'session';
