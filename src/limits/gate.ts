/**
 * What a send must pass before anything is written or paid for. Each family of rules is a gate; `limits.module.ts` has
 * their order, and `otp/verifications/admission` asks them.
 */
import type { Channel } from '../common/channel';
import type { DomainError } from '../common/errors';
import type { Rider } from '../common/mongo/ride';
import type { CallCost } from './money/estimate';
import type { Payment } from './money/payment';
import type { SendSettings } from './send-settings';

/** `shadow`: it would have been refused if the rule were enforced. `skipped`: the rule had nothing to judge by. */
export type RuleOutcome = 'allowed' | 'refused' | 'challenged' | 'shadow' | 'skipped';

/** What one rule says of a send: what previews show and the audit log keeps. */
export interface RuleDecision {
  /** The family and the rule, e.g. `limits.number`, `budgets.ES.day`. */
  readonly rule: string;
  readonly outcome: RuleOutcome;
  /** Measured, in the unit of `limit`; null: the rule measures nothing. */
  readonly value: number | null;
  readonly limit: number | null;
  /** When the rule would let it through again; null: not by itself. */
  readonly until: Date | null;
  /** A word of the rule's own, never a client's. */
  readonly because?: string;
}

/** What is known of a send before anything is decided. */
export interface SendCall {
  readonly applicationId: string;
  readonly purpose: string;
  /** `resend`: the code of a pending verification once more. */
  readonly kind: 'create' | 'resend';
  /** E.164. */
  readonly number: string;
  /** ISO 3166-1 alpha-2; null: the number belongs to no country. */
  readonly country: string | null;
  readonly channel: Channel;
  /** As the caller gave it; see `client-ip.ts` for what it is worth. */
  readonly clientIp: string | null;
  readonly deviceId: string | null;
  /** The person's answer to a challenge, as the caller handed it on. */
  readonly challenge: string | null;
  readonly settings: SendSettings;
  /** Of the first gateway call; only worked out where a rule asks. Absent: one part at a price that is not known. */
  readonly cost?: () => CallCost;
  /** The code may be typed weeks later: whether it was typed says nothing yet. */
  readonly isLongLived?: true;
  /** Said by a gate before: an entry of the allow list names this very number. */
  readonly isAllowListed?: true;
  /** Said by a gate before: this send needs the answer to a challenge. */
  readonly needsChallenge?: true;
}

/** What a gate tells those after it. */
export type GateNotes = Pick<SendCall, 'isAllowListed' | 'needsChallenge'>;

/** What is charged only when the send is written: whoever writes it takes the rider along. */
export interface Reservation {
  readonly rider: Rider;
  /** The rider was left behind: charges now, before the send is written. @throws DomainError as `Gate.enter` */
  charge(): Promise<Passage>;
  /** Nobody will write it with this charge any more, unless that has happened. */
  abandon(): void;
}

/** What became of a send at one gate. */
export interface Passage {
  /** The one that refused; where the gate lets through, those that are worth a note. */
  readonly decisions: readonly RuleDecision[];
  /** The answer to the caller; null: let through. */
  readonly refusal: DomainError | null;
  readonly notes?: GateNotes;
  /** Gives back what was charged. Called at most once: a later gate or the slot refused. */
  readonly undo?: () => void;
  readonly reservation?: Reservation;
  /** Put aside for the first gateway call: whoever makes it pays with this. */
  readonly payment?: Payment;
}

/** By the database's time. */
export interface Confirmation {
  /** The create. */
  readonly sentAt: Date;
  /** The check that was right. */
  readonly confirmedAt: Date;
}

type MaybePromise<Value> = Value | Promise<Value>;

/** One family of rules. */
export interface Gate {
  /** What it would say now: nothing is charged or written, and no vendor is called. */
  preview(call: SendCall): MaybePromise<readonly RuleDecision[]>;
  /** What it would tell the gates after it; absent: nothing. */
  previewNotes?(call: SendCall): MaybePromise<GateNotes | undefined>;
  /**
   * Decides. What it charges is charged when it resolves, or reserved.
   * @throws DomainError `unavailable` when nobody can say: nothing is sent then
   */
  enter(call: SendCall): MaybePromise<Passage>;
  /** The code was typed in. Returns at once and never throws: the check is answered already. */
  confirmed?(call: SendCall, when: Confirmation): void;
}

/** Injection token: the gates in their order. */
export const GATES = Symbol('GATES');
