import type { RejectReason, SmsOutcome } from '../gateway';
import type { CallVerdict } from './breaker';

/**
 * Whether a refusal counts against the gateway. What is about one message never does, however often it comes:
 * whoever gives numbers that no vendor takes could otherwise close a gateway for a country, and for other people too.
 * A request to slow down is answered by a pause.
 */
const verdictOfReason: Readonly<Record<RejectReason, CallVerdict>> = {
  'invalid-number': 'neutral',
  blocked: 'neutral',
  'opted-out': 'neutral',
  content: 'neutral',
  refused: 'neutral',
  'rate-limited': 'neutral',
  unauthorized: 'failed',
  'no-credit': 'failed',
  unavailable: 'failed',
};

/** What one answer, or none, says about the health of a gateway. */
export function verdictOf(outcome: SmsOutcome): CallVerdict {
  switch (outcome.outcome) {
    case 'accepted':
      return 'accepted';
    case 'unknown':
      return 'failed';
    case 'rejected':
      return verdictOfReason[outcome.reason];
  }
}
