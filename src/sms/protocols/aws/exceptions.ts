import type { RejectReason, SmsOutcome } from '../../gateway';
import { judged, outcomeOfStatus } from '../gateway-answer';

/** What the SDK throws for an answer that is an error. */
export interface SdkError {
  readonly name: string;
  readonly reason: string | undefined;
  /** Names of the fields that were refused. */
  readonly fields: readonly string[];
  /** Of the answer; undefined when there was none. */
  readonly status: number | undefined;
}

/** By `Reason`, of all exceptions; what is not here is decided by the exception. */
const byReason: ReadonlyMap<string, RejectReason> = new Map([
  // ConflictException. A person who sent STOP, and a number that the operator blocked, are not tried elsewhere; a
  // country that is closed at this vendor may be open at another.
  ['DESTINATION_PHONE_NUMBER_OPTED_OUT', 'opted-out'],
  ['DESTINATION_PHONE_NUMBER_BLOCKED_BY_PROTECT_NUMBER_OVERRIDE', 'blocked'],
  ['DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION', 'refused'],
  // ServiceQuotaExceededException
  ['MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT', 'no-credit'],
  // ValidationException
  ['MAXIMUM_SIZE_EXCEEDED', 'content'],
]);

/** By the field that a ValidationException names. */
const byField: ReadonlyMap<string, RejectReason> = new Map([
  ['destinationphonenumber', 'invalid-number'],
  ['messagebody', 'content'],
]);

/**
 * By exception. Conflicts, quotas and validation may be about the number: a daily limit for one recipient, a sender
 * that the country does not take. The last nine come from what checks signatures, for every AWS service.
 */
const byName: ReadonlyMap<string, RejectReason> = new Map([
  ['ThrottlingException', 'rate-limited'],
  ['ConflictException', 'refused'],
  ['ResourceNotFoundException', 'unavailable'],
  ['ServiceQuotaExceededException', 'refused'],
  ['ValidationException', 'refused'],
  ['AccessDeniedException', 'unauthorized'],
  ['UnrecognizedClientException', 'unauthorized'],
  ['InvalidClientTokenId', 'unauthorized'],
  ['InvalidSignatureException', 'unauthorized'],
  ['IncompleteSignatureException', 'unauthorized'],
  ['MissingAuthenticationTokenException', 'unauthorized'],
  ['ExpiredTokenException', 'unauthorized'],
  ['NotAuthorized', 'unauthorized'],
  ['OptInRequired', 'unauthorized'],
  ['RequestExpired', 'unauthorized'],
]);

/**
 * A refusal with what AWS calls it. An InternalServerException and every other 5xx leave it open: the failure may
 * have come after the text was taken. So does a 2xx that cannot be read.
 */
export function outcomeOfSdkError(error: SdkError): SmsOutcome {
  return judged(error.status ?? 0, exceptionOf(error));
}

function exceptionOf({ name, reason, fields, status }: SdkError): SmsOutcome {
  const field = fields.map((one) => byField.get(one.toLowerCase())).find((one) => one !== undefined);
  const known = byReason.get(reason ?? '') ?? field ?? byName.get(name);
  if (known) {
    const vendorCode = wordOf(reason) ?? wordOf(name);
    // AWS counts parts by the second for each origination identity and country.
    const limitOf = known === 'rate-limited' ? 'sender' : undefined;
    return { outcome: 'rejected', reason: known, vendorCode, limitOf };
  }
  if (status === undefined || status < 300) return { outcome: 'unknown' };
  return outcomeOfStatus(status);
}

/** Only what looks like one of the vendor's words: an answer may repeat what it was sent. */
function wordOf(text: string | undefined): string | undefined {
  return text !== undefined && /^[A-Za-z_]{1,64}$/.test(text) ? text : undefined;
}
