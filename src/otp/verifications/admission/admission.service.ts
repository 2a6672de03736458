import { Inject, Injectable } from '@nestjs/common';
import { AuditService } from '../../../audit/audit.service';
import { unavailable, type DomainError } from '../../../common/errors';
import { problemKinds } from '../../../common/problem';
import {
  GATES,
  type Confirmation,
  type Gate,
  type Passage,
  type Reservation,
  type RuleDecision,
  type SendCall,
} from '../../../limits/gate';
import { riskNote } from '../../../limits/risk/risk-note';
import type { Payment } from '../../../limits/money/payment';
import type { CallContext } from '../call-context';

/** What the gates came to. */
export interface Admission {
  readonly decisions: readonly RuleDecision[];
  /** What the caller hears; null: the send may begin. */
  readonly refusal: DomainError | null;
  /**
   * The refusal holds whatever the slot says. One that is only for a time (429) does not: what the slot would answer
   * without a send comes first, as it would without any gate.
   */
  readonly isFinal: boolean;
  /** Gives back all that was charged: nothing is sent after all. */
  readonly undo: () => void;
  /** Put aside for the first gateway call. */
  readonly payment: Payment | null;
  /** What is not charged yet: to be taken along by whoever writes the send. */
  readonly reservation: Reservation | null;
  /** The reservation was left behind: charges first. @returns what the gates come to then, with nothing reserved */
  readonly charge: () => Promise<Admission>;
}

/** The send that was refused, for the log. */
export interface AboutSend {
  /** The one whose code would have been sent again; null: a new one. */
  readonly verificationId: string | null;
  readonly purpose: string;
  readonly masked: string;
  /** What the allowance of the log counts on. */
  readonly subject: string;
}

const nothing = (): void => undefined;
const empty = { refusal: null, isFinal: false, undo: nothing, payment: null, reservation: null } as const;
const unasked = admissionOf([]);

/** Asks the gates, in their order, whether a send may begin. */
@Injectable()
export class AdmissionService {
  constructor(
    @Inject(GATES) private readonly gates: readonly Gate[],
    private readonly audit: AuditService,
  ) {}

  /** What every rule would say now, also behind one that refuses; nothing is charged, written or asked. */
  async preview(call: SendCall): Promise<readonly RuleDecision[]> {
    const decisions: RuleDecision[] = [];
    let known = call;
    for (const gate of this.gates) {
      decisions.push(...(await gate.preview(known)));
      known = { ...known, ...(await gate.previewNotes?.(known)) };
    }
    return decisions;
  }

  /** @throws DomainError `unavailable` when a gate cannot say; what was charged until then is given back */
  async admit(call: SendCall | null): Promise<Admission> {
    if (!call) return unasked;
    const passages: Passage[] = [];
    try {
      await this.pass(call, passages);
    } catch (error) {
      undoAll(passages);
      throw error;
    }
    return admissionOf(passages);
  }

  /** The code of a send was right. */
  confirmed(call: SendCall | null, when: Confirmation): void {
    if (call) for (const gate of this.gates) gate.confirmed?.(call, when);
  }

  /** The error that the caller hears. The log keeps what the rule measured; the caller hears less. */
  refuse(
    { application, actor }: CallContext,
    { refusal, decisions }: Admission,
    about: AboutSend,
  ): DomainError {
    const error = refusal ?? unavailable('Nobody can say whether this may be sent.');
    const risk = riskNote(decisions);
    const decision = decisions.find(({ outcome }) => outcome === 'refused' || outcome === 'challenged');
    this.audit.recordRefusal({
      type: 'access_denied',
      rule: decision?.rule ?? error.code,
      applicationId: application.id,
      verificationId: about.verificationId,
      purpose: about.purpose,
      to: about.masked,
      actor,
      subject: about.subject,
      details: {
        code: error.code,
        ...(decision ? measured(decision) : {}),
        ...(risk === undefined ? {} : { risk }),
      },
    });
    return error;
  }

  /** The first gate that refuses is the last one asked. */
  private async pass(call: SendCall, passages: Passage[]): Promise<void> {
    let known = call;
    for (const gate of this.gates) {
      const passage = await gate.enter(known);
      passages.push(passage);
      if (passage.refusal) return;
      if (passage.notes) known = { ...known, ...passage.notes };
    }
  }
}

function admissionOf(passages: readonly Passage[]): Admission {
  const decisions = passages.flatMap((passage) => passage.decisions);
  const refusal = first(passages, 'refusal');
  const charge = (): Promise<Admission> => chargedFirst(passages);
  if (refusal) {
    undoAll(passages);
    const isFinal = problemKinds[refusal.code].status !== 429;
    return { ...empty, decisions, refusal, isFinal, charge };
  }
  const payment = first(passages, 'payment');
  const reservation = first(passages, 'reservation');
  return { ...empty, decisions, payment, reservation, undo: () => undoAll(passages), charge };
}

function first<Name extends 'payment' | 'refusal' | 'reservation'>(passages: readonly Passage[], name: Name) {
  return passages.find((passage) => passage[name])?.[name] ?? null;
}

/** What was only reserved is charged. */
async function chargedFirst(passages: readonly Passage[]): Promise<Admission> {
  try {
    return admissionOf(await Promise.all(passages.map(async (one) => one.reservation?.charge() ?? one)));
  } catch (error) {
    undoAll(passages);
    throw error;
  }
}

function measured({ outcome, value, limit, until, because }: RuleDecision) {
  return { outcome, value, limit, until: until?.toISOString() ?? null, ...(because ? { because } : {}) };
}

function undoAll(passages: readonly Passage[]): void {
  for (const { undo } of passages) undo?.();
}
