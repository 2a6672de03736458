import type { HttpClient } from '../../../common/outbound/http-client';
import type { ReceiptReading, ReceiptRequest } from '../../receipt';
import { isRecent } from '../signing/signature';
import { SnsCertificates } from './sns-certificates';
import { addressAtSns, isSignedBy, readSnsMessage } from './sns-message';
import type { SnsMessage } from './sns-message';

/** SNS repeats for a while what was not taken, with the time of the first attempt. */
const WINDOW_MS = 15 * 60_000;
const CONFIRM_TIMEOUT_MS = 3_000;
const CERTIFICATE_PATH = /^\/SimpleNotificationService-[0-9a-zA-Z]{1,64}\.pem$/;

const forged: ReceiptReading = { kind: 'forged' };
const retry: ReceiptReading = { kind: 'retry' };

/**
 * Reads what SNS posts for one topic. The vendor's own package, `sns-validator`, is not used: it fetches with the HTTP
 * of Node, past our rule for outbound calls and without a time limit, and looks neither at the topic nor at the time.
 * @param read what is published, once it is certain that SNS published it there
 */
export function snsReceipts(
  http: HttpClient,
  topicArn: string | undefined,
  read: (published: string) => ReceiptReading,
): (request: ReceiptRequest) => Promise<ReceiptReading> {
  const certificates = new SnsCertificates(http);
  return async ({ body, now }) => {
    const message = readSnsMessage(body);
    // Everything that costs nothing to check comes before the certificate is asked for.
    if (!message || message.TopicArn !== topicArn) return forged;
    if (!isRecent(Date.parse(message.Timestamp), now, WINDOW_MS)) return forged;
    const address = addressAtSns(message.SigningCertURL, topicArn);
    if (!address || !CERTIFICATE_PATH.test(address.pathname)) return forged;
    const certificate = await certificates.get(address, now);
    if (certificate === 'unreachable') return retry;
    if (certificate === 'none' || !isSignedBy(message, certificate.pem)) return forged;
    return message.Type === 'SubscriptionConfirmation' ? confirm(http, message) : published(message, read);
  };
}

function published(message: SnsMessage, read: (published: string) => ReceiptReading): ReceiptReading {
  return message.Type === 'Notification' ? read(message.Message) : { kind: 'receipts', receipts: [] };
}

/** Visits the address that SNS sent, which is what confirms a subscription. */
async function confirm(http: HttpClient, { SubscribeURL, TopicArn }: SnsMessage): Promise<ReceiptReading> {
  const address = addressAtSns(SubscribeURL, TopicArn);
  if (!address) return { kind: 'malformed' };
  const { origin, pathname, search } = address;
  const signal = AbortSignal.timeout(CONFIRM_TIMEOUT_MS);
  try {
    // The token is in the query, which the HTTP client keeps to itself.
    const query = search.slice(1);
    const { status } = await http.request({ method: 'GET', url: origin + pathname, query, signal });
    return status >= 200 && status < 300 ? { kind: 'handshake', body: '' } : retry;
  } catch {
    return retry;
  }
}
