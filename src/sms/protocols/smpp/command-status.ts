import type { RejectReason, SmsOutcome } from '../../gateway';

/**
 * What an SMSC may answer to `bind` and `submit_sm` (SMPP 3.4 §5.1.3). Everything that is not here is a refusal
 * which concerns this SMSC or our settings there (`unavailable`): a request that was not understood, an option that it
 * does not take, a failure of its own, and the numbers from 0x400 on, which each vendor uses for its own.
 */
const reasonByStatus: ReadonlyMap<number, RejectReason> = new Map([
  [0x01, 'content'], // ESME_RINVMSGLEN
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
  const vendorCode = `0x${status.toString(16).toUpperCase().padStart(2, '0')}`;
  return { outcome: 'rejected', reason: reasonByStatus.get(status) ?? 'unavailable', vendorCode };
}
