import type { RejectReason, SmsOutcome } from '../../gateway';

/**
 * What an SMSC may answer to `bind` and `submit_sm` (SMPP 3.4 §5.1.3). Everything that is not here is, of a bind, about
 * the account (`unavailable`), and of a text, about something in it (`refused`): a field or an option that the SMSC does
 * not take, a destination that it has no route to, and the numbers from 0x400 on, which each vendor uses for its own.
 */
const reasonByStatus: ReadonlyMap<number, RejectReason> = new Map([
  [0x01, 'content'], // ESME_RINVMSGLEN
  [0x04, 'unavailable'], // ESME_RINVBNDSTS: the session is not bound as it should be
  [0x08, 'unavailable'], // ESME_RSYSERR: a failure of its own
  [0x0b, 'invalid-number'], // ESME_RINVDSTADR
  [0x0d, 'unauthorized'], // ESME_RBINDFAIL
  [0x0e, 'unauthorized'], // ESME_RINVPASWD
  [0x0f, 'unauthorized'], // ESME_RINVSYSID
  [0x14, 'rate-limited'], // ESME_RMSGQFUL: it holds too many messages of ours
  [0x53, 'unauthorized'], // ESME_RINVSYSTYP
  [0x58, 'rate-limited'], // ESME_RTHROTTLED
]);

/** A refusal in our words; `vendorCode` as the specification writes it, `0x58`. */
export function refusalOf(status: number): SmsOutcome {
  return refusedWith(status, reasonByStatus.get(status) ?? 'refused');
}

/** The same of a bind, which holds no message: whatever it says is about the account. */
export function bindRefusalOf(status: number): SmsOutcome {
  const reason = reasonByStatus.get(status);
  return refusedWith(status, reason && aboutAccount.has(reason) ? reason : 'unavailable');
}

const aboutAccount: ReadonlySet<RejectReason> = new Set(['unauthorized', 'rate-limited']);

function refusedWith(status: number, reason: RejectReason): SmsOutcome {
  const vendorCode = `0x${status.toString(16).toUpperCase().padStart(2, '0')}`;
  return { outcome: 'rejected', reason, vendorCode };
}
