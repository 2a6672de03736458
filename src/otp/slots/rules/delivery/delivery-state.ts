/**
 * What receipts and results make of a delivery.
 *
 * Each gateway call of a delivery (attempt) has a final state of its own, the first one that it was told. A message
 * of several parts is delivered when all are, and undelivered when one is. The delivery's state follows from these,
 * in whatever order they come:
 * - delivered, as soon as one of its attempts is: the person has the code, whichever gateway brought it;
 * - otherwise what is known of the attempt that decides: the last accepted one, else the last that may have been.
 *   That another attempt failed says nothing: its text is a duplicate that nobody waits for.
 * A state only ever rises: sending, rejected, unknown < accepted < sent < undelivered < delivered. So the one final
 * state that can change is `undelivered`, when the text of another attempt arrives after all.
 *
 * While gateways are being called (the lease), `undelivered` waits for the result: the next gateway may be at it.
 */
import type { AttemptRecord, DeliveryRecord, DeliveryState } from '../../slot';
import { mayBeThere } from './calls';
import {
  earlyAttempt,
  heard,
  isCall,
  isFinal,
  withEarly,
  type FinalState,
  type ReceiptFact,
} from './attempt';

/** What a gateway reports of one delivery. */
export interface DeliveryReceipts {
  /** Who reports. A gateway that the delivery has no attempt of changes nothing, unless `proven`. */
  readonly gateway: string;
  /** The gateway was asked for certain, though nobody may have lived to write it down. */
  readonly proven: boolean;
  readonly receipts: readonly ReceiptFact[];
}

/** What the gateways said. */
export interface DeliveryResult {
  readonly result: Pick<DeliveryRecord, 'provider' | 'reference' | 'errorCode'> & {
    readonly state: 'accepted' | 'rejected' | 'unknown';
  };
  readonly attempts: readonly AttemptRecord[];
}

const rising: readonly DeliveryState[] = ['accepted', 'sent', 'undelivered', 'delivered'];
/** Higher wins; what gateways answered comes before everything that receipts say. */
const rank = (state: DeliveryState): number => rising.indexOf(state);

/** The state that became final between the two; null: none did. */
export function becameFinal(before: DeliveryRecord, after: DeliveryRecord): FinalState | null {
  return isFinal(after.state) && after.state !== before.state ? after.state : null;
}

/** A delivery after receipts; the same object when they say nothing new. */
export function afterReceipts(delivery: DeliveryRecord, told: DeliveryReceipts, now: Date): DeliveryRecord {
  const attempts = attemptsAfter(delivery, told);
  return withState(attempts === delivery.attempts ? delivery : { ...delivery, attempts }, now);
}

/** A delivery whose sender will not report any more: what receipts told decides. */
export function withoutLease(delivery: DeliveryRecord, now: Date): DeliveryRecord {
  const { lease: _, ...left } = delivery;
  return withState(left, now);
}

/** A refusal is not certain when an owner before may have had the text sent. */
export function answeredState(
  delivery: DeliveryRecord,
  state: DeliveryResult['result']['state'],
): DeliveryResult['result']['state'] {
  return state === 'rejected' && mayBeThere(delivery) ? 'unknown' : state;
}

/** The attempts that the owner of the lease has not written down yet. */
export function unnoted(
  { lease }: Pick<DeliveryRecord, 'lease'>,
  attempts: readonly AttemptRecord[],
): readonly AttemptRecord[] {
  return attempts.slice(lease?.noted ?? 0);
}

/** A delivery after its result: what receipts told before is not taken back. Its lease goes. */
export function afterResult(
  delivery: DeliveryRecord,
  { result, attempts }: DeliveryResult,
  now: Date,
): DeliveryRecord {
  const { lease: _, ...left } = delivery;
  const answered = {
    ...left,
    ...result,
    state: answeredState(delivery, result.state),
    attemptedAt: now,
    attempts: attemptsWritten(delivery, unnoted(delivery, attempts)),
  };
  const after = withState(answered, now);
  const state = rank(delivery.state) > rank(after.state) ? delivery.state : after.state;
  const isOldNews = delivery.state === state && delivery.finalAt !== undefined;
  return { ...after, state, ...(isOldNews ? { finalAt: delivery.finalAt } : {}) };
}

function attemptsAfter(
  { attempts, lease }: DeliveryRecord,
  { gateway, proven, receipts }: DeliveryReceipts,
): readonly AttemptRecord[] {
  const isKnown = attempts.some((one) => isCallOf(gateway, one));
  const mayBeNew = lease !== undefined || proven;
  const known = !isKnown && mayBeNew ? [...attempts, earlyAttempt(gateway)] : attempts;
  return receipts.reduce((told, fact) => withFact(told, gateway, fact), known);
}

function withFact(
  attempts: readonly AttemptRecord[],
  gateway: string,
  fact: ReceiptFact,
): readonly AttemptRecord[] {
  const meant = attemptMeant(attempts, gateway, fact);
  const after = meant && heard(meant, fact);
  return after === meant ? attempts : attempts.map((one) => (one === meant && after ? after : one));
}

/** Which attempt the fact is about: the last of its reference, else the last of its gateway. */
function attemptMeant(
  attempts: readonly AttemptRecord[],
  gateway: string,
  { reference }: ReceiptFact,
): AttemptRecord | undefined {
  const own = attempts.filter((one) => isCallOf(gateway, one));
  const referred = reference === null ? undefined : own.findLast((one) => one.reference === reference);
  return referred ?? own.at(-1);
}

/** A delivery whose attempts have changed, with the state that follows from them. */
function withState(delivery: DeliveryRecord, now: Date): DeliveryRecord {
  const { attempts, state, lease } = delivery;
  const decider = attempts.find(({ receipt }) => receipt === 'delivered') ?? decisive(attempts);
  const next = decider?.receipt;
  const waits = next === 'undelivered' && lease !== undefined;
  if (!decider || !next || waits || rank(next) <= rank(state)) return delivery;
  const { provider, reference, reason } = decider;
  return {
    ...delivery,
    state: next,
    provider,
    reference,
    errorCode: next === 'undelivered' ? reason : null,
    ...(isFinal(next) ? { finalAt: now } : {}),
  };
}

/** The attempt whose state the delivery has, unless another one arrived. */
function decisive(attempts: readonly AttemptRecord[]): AttemptRecord | undefined {
  const lastWritten = (outcome: string): AttemptRecord | undefined =>
    attempts.findLast((one) => !one.early && one.outcome === outcome);
  return lastWritten('accepted') ?? lastWritten('unknown') ?? attempts.findLast(({ early }) => early);
}

/** The attempts that a result brings, joined with what receipts told of them too early. */
export function attemptsWritten(
  { attempts: known }: DeliveryRecord,
  written: readonly AttemptRecord[],
): readonly AttemptRecord[] {
  const isWritten = ({ early, provider }: AttemptRecord): boolean =>
    early === true && written.some((one) => isCallOf(provider, one));
  const joined = written.map((attempt, index) => {
    const isLastOfGateway = !written.slice(index + 1).some((one) => isCallOf(attempt.provider, one));
    const early = known.find((one) => one.early && isCallOf(one.provider, attempt));
    return early && isLastOfGateway ? withEarly(attempt, early) : attempt;
  });
  return [...known.filter((one) => !isWritten(one)), ...joined];
}

const isCallOf = (gateway: string, attempt: AttemptRecord): boolean =>
  attempt.provider === gateway && isCall(attempt);
