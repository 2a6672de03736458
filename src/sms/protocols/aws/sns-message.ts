import { verify } from 'node:crypto';
import { z } from 'zod';

/** What Amazon SNS posts to a subscriber, as far as it is signed; what else is there is left aside. */
const messageSchema = z.object({
  Type: z.enum(['Notification', 'SubscriptionConfirmation', 'UnsubscribeConfirmation']),
  MessageId: z.string(),
  TopicArn: z.string(),
  Message: z.string(),
  Subject: z.string().nullish(),
  SubscribeURL: z.string().optional(),
  Token: z.string().optional(),
  /** ISO 8601. */
  Timestamp: z.string(),
  SignatureVersion: z.enum(['1', '2']),
  Signature: z.string(),
  SigningCertURL: z.string(),
});
export type SnsMessage = z.infer<typeof messageSchema>;

/** Null for everything that SNS does not send. */
export function readSnsMessage(body: Buffer): SnsMessage | null {
  try {
    const parsed = messageSchema.safeParse(JSON.parse(body.toString('utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** `arn:aws:sns:eu-west-1:123456789012:receipts`; the partition decides the domain. */
export const TOPIC_ARN = /^arn:(aws|aws-cn|aws-us-gov):sns:([a-z0-9-]{3,}):\d{12}:[\w.-]{1,256}$/;

/** Where the SNS of the topic's region answers: its certificates, its confirmations. */
function hostOf(topicArn: string): string | null {
  const [, partition, region] = TOPIC_ARN.exec(topicArn) ?? [];
  return region === undefined ? null : `sns.${region}.amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}`;
}

/** The address, when it is one of the topic's own SNS; null otherwise: nothing else may be called for a message. */
export function addressAtSns(url: string | undefined, topicArn: string): URL | null {
  const host = hostOf(topicArn);
  if (host === null || url === undefined || !URL.canParse(url)) return null;
  const address = new URL(url);
  // `origin` leaves out user name and password, and holds a port only where it is not the usual one.
  const isPlain = address.username === '' && address.password === '';
  return isPlain && address.origin === `https://${host}` ? address : null;
}

/** The signed fields in the order of the alphabet; those that are not there are left out. */
const SIGNED_FIELDS = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: [
    'Message',
    'MessageId',
    'SubscribeURL',
    'Timestamp',
    'Token',
    'TopicArn',
    'Type',
  ],
  UnsubscribeConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
} as const;

const HASHES = { 1: 'sha1', 2: 'sha256' } as const;

/** What SNS signs: name and value of each signed field, each on a line of its own. */
export function textToSign(message: Omit<SnsMessage, 'Signature'>): string {
  const lines = SIGNED_FIELDS[message.Type].map((name) => {
    const value = message[name];
    return value == null ? '' : `${name}\n${value}\n`;
  });
  return lines.join('');
}

/** @param certificate PEM; what is none verifies nothing */
export function isSignedBy(message: SnsMessage, certificate: string): boolean {
  try {
    const signature = Buffer.from(message.Signature, 'base64');
    return verify(HASHES[message.SignatureVersion], Buffer.from(textToSign(message)), certificate, signature);
  } catch {
    return false;
  }
}
