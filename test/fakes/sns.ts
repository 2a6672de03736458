import { sign } from 'node:crypto';
import { HttpError } from '../../src/common/outbound/http-client';
import type { HttpClient, HttpRequest, HttpResponse } from '../../src/common/outbound/http-client';
import { textToSign } from '../../src/sms/protocols/aws/sns-message';
import type { SnsMessage } from '../../src/sms/protocols/aws/sns-message';
import { aReceiptRequest } from '../../src/testing/contracts/receipts.contract';
import type { ReceiptRequest } from '../../src/sms/receipt';
import { selfSigned } from './certificate';
import type { TestCertificate } from './certificate';

export const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:receipts';
export const SNS = 'https://sns.eu-west-1.amazonaws.com';
export const CERTIFICATE_URL = `${SNS}/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem`;

let certificate: Promise<TestCertificate> | undefined;
const ownCertificate = () => (certificate ??= selfSigned('sns.amazonaws.com'));

/** Amazon SNS as a subscriber sees it: signs messages, hands out its certificate, takes confirmations. */
export class FakeSns implements HttpClient {
  readonly asked: string[] = [];
  /** The next answers instead of the right ones. */
  answer: HttpResponse | HttpError | null = null;

  async request({ url, query }: HttpRequest): Promise<HttpResponse> {
    this.asked.push(query === undefined ? url : `${url}?${query}`);
    if (this.answer instanceof HttpError) throw this.answer;
    if (this.answer) return this.answer;
    const body = url === CERTIFICATE_URL ? (await ownCertificate()).cert : '<ConfirmSubscriptionResponse/>';
    return { status: 200, headers: {}, body };
  }
}

type Fields = Partial<Omit<SnsMessage, 'Signature'>>;

/** A signed message as SNS would post it at `now`; `tamper` changes it after it was signed. */
export async function snsRequest(
  fields: Fields,
  now: number,
  tamper: (message: Record<string, unknown>) => void = () => undefined,
): Promise<ReceiptRequest> {
  const message: Omit<SnsMessage, 'Signature'> = {
    Type: 'Notification',
    MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
    TopicArn: TOPIC,
    Message: '{}',
    Timestamp: new Date(now).toISOString(),
    SignatureVersion: '2',
    SigningCertURL: CERTIFICATE_URL,
    ...fields,
  };
  const hash = message.SignatureVersion === '1' ? 'sha1' : 'sha256';
  const { key } = await ownCertificate();
  const signature = sign(hash, Buffer.from(textToSign(message)), key).toString('base64');
  const posted: Record<string, unknown> = {
    ...message,
    Signature: signature,
    UnsubscribeURL: `${SNS}/?Action=Unsubscribe`,
  };
  tamper(posted);
  return aReceiptRequest({ body: Buffer.from(JSON.stringify(posted)), now });
}
