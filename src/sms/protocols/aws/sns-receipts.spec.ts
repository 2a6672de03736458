import { HttpError } from '../../../common/outbound/http-client';
import { CERTIFICATE_URL, FakeSns, SNS, snsRequest, TOPIC } from '../../../../test/fakes/sns';
import { selfSigned } from '../../../../test/fakes/certificate';
import type { ReceiptReading } from '../../receipt';
import { aReceiptRequest } from '../../../testing/contracts/receipts.contract';
import { addressAtSns, textToSign } from './sns-message';
import { snsReceipts } from './sns-receipts';

const DAY_MS = 86_400_000;

describe('what Amazon SNS posts', () => {
  const now = Date.now();
  let sns: FakeSns;
  let read: ReturnType<typeof snsReceipts>;
  beforeEach(() => {
    sns = new FakeSns();
    read = snsReceipts(sns, TOPIC, () => ({ kind: 'receipts', receipts: [] }));
  });
  const forged: ReceiptReading = { kind: 'forged' };
  const taken: ReceiptReading = { kind: 'receipts', receipts: [] };

  it.each(['1', '2'] as const)('is believed with a signature of version %s', async (SignatureVersion) => {
    expect(await read(await snsRequest({ SignatureVersion, Subject: 'with a subject' }, now))).toEqual(taken);
  });

  // Catches: a field that is not part of what is signed.
  it.each([
    ['Message', '{"eventType":"TEXT_DELIVERED"}'],
    ['MessageId', 'other'],
    ['Subject', 'other'],
    ['Timestamp', new Date(now - 1_000).toISOString()],
    ['Type', 'UnsubscribeConfirmation'],
    ['SignatureVersion', '1'],
    ['Signature', Buffer.alloc(256).toString('base64')],
    ['Signature', ''],
    ['Signature', undefined],
    ['SigningCertURL', undefined],
    ['Message', undefined],
    ['SignatureVersion', '3'],
  ])('is forged with another %s', async (name, value) => {
    const request = await snsRequest({ Subject: 'x' }, now, (message) => (message[name] = value));
    expect(await read(request)).toEqual(forged);
  });

  // Catches: any AWS customer's topic believed, because SNS signs for all of them with one key.
  it('is forged when it comes from another topic', async () => {
    const TopicArn = 'arn:aws:sns:eu-west-1:999999999999:receipts';
    expect(await read(await snsRequest({ TopicArn }, now))).toEqual(forged);
    const withoutTopic = snsReceipts(sns, undefined, () => taken);
    expect(await withoutTopic(await snsRequest({}, now))).toEqual(forged);
    expect(sns.asked).toEqual([]);
  });

  // Catches: a certificate taken from wherever the message says.
  it.each([
    'https://sns.eu-west-1.amazonaws.com.example.org/SimpleNotificationService-0.pem',
    'https://evil.example/SimpleNotificationService-0.pem',
    'http://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0.pem',
    'https://sns.eu-west-1.amazonaws.com:8443/SimpleNotificationService-0.pem',
    'https://user@sns.eu-west-1.amazonaws.com/SimpleNotificationService-0.pem',
    'https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0.pem',
    'https://sns.eu-west-1.amazonaws.com/bucket/evil.pem',
    'https://sns.eu-west-1.amazonaws.com/?x=SimpleNotificationService-0.pem',
    'not an address',
  ])('is forged, and nothing is asked for, with the certificate at %s', async (SigningCertURL) => {
    expect(await read(await snsRequest({ SigningCertURL }, now))).toEqual(forged);
    expect(sns.asked).toEqual([]);
  });

  it('is forged when the certificate is another, none, or not valid any more', async () => {
    for (const body of [(await selfSigned('sns.amazonaws.com')).cert, '<html>', '']) {
      sns.answer = { status: 200, headers: {}, body };
      read = snsReceipts(sns, TOPIC, () => taken);
      expect(await read(await snsRequest({}, now))).toEqual(forged);
    }
    sns.answer = { status: 403, headers: {}, body: 'denied' };
    expect(await read(await snsRequest({}, now))).toEqual(forged);
    sns.answer = null;
    const later = now + 20 * 365 * DAY_MS;
    expect(await read(await snsRequest({}, later))).toEqual(forged);
  });

  it('is asked for again while the certificate cannot be had', async () => {
    for (const answer of [new HttpError('connect', false), { status: 503, headers: {}, body: '' }]) {
      sns.answer = answer;
      expect(await read(await snsRequest({}, now))).toEqual({ kind: 'retry' });
    }
    sns.answer = null;
    expect(await read(await snsRequest({}, now))).toEqual(taken);
  });

  it('has its certificate fetched once', async () => {
    for (let i = 0; i < 3; i += 1) await read(await snsRequest({}, now));
    expect(sns.asked).toEqual([CERTIFICATE_URL]);
  });

  it.each(['', 'x', '[]', 'null', '{"Type":"Notification"}'])(
    'is forged when it is not what SNS posts: %j',
    async (body) => {
      expect(await read(aReceiptRequest({ body: Buffer.from(body), now }))).toEqual(forged);
    },
  );

  describe('to confirm a subscription', () => {
    const Type = 'SubscriptionConfirmation' as const;
    const SubscribeURL = `${SNS}/?Action=ConfirmSubscription&TopicArn=${TOPIC}&Token=abc`;

    it('is answered by a visit to its address', async () => {
      expect(await read(await snsRequest({ Type, SubscribeURL, Token: 'abc' }, now))).toEqual({
        kind: 'handshake',
        body: '',
      });
      expect(sns.asked).toEqual([CERTIFICATE_URL, SubscribeURL]);
    });

    // Catches: a server that visits what it is told to.
    it.each([
      'http://169.254.169.254/latest/meta-data',
      'https://evil.example/',
      `http://sns.eu-west-1.amazonaws.com/`,
    ])('is not answered by a visit to %s', async (url) => {
      expect(await read(await snsRequest({ Type, SubscribeURL: url, Token: 'abc' }, now))).toEqual({
        kind: 'malformed',
      });
      expect(sns.asked).toEqual([CERTIFICATE_URL]);
    });

    it('is forged when the address or the token was changed', async () => {
      for (const name of ['SubscribeURL', 'Token']) {
        const change = (message: Record<string, unknown>) => (message[name] = SubscribeURL + 'x');
        expect(await read(await snsRequest({ Type, SubscribeURL, Token: 'abc' }, now, change))).toEqual(
          forged,
        );
      }
    });

    it('is asked for again when the visit failed', async () => {
      await read(await snsRequest({}, now));
      sns.answer = { status: 500, headers: {}, body: '' };
      expect(await read(await snsRequest({ Type, SubscribeURL, Token: 'abc' }, now))).toEqual({
        kind: 'retry',
      });
    });
  });

  it('to say good-bye is taken note of', async () => {
    expect(
      await read(await snsRequest({ Type: 'UnsubscribeConfirmation', SubscribeURL: SNS, Token: 'x' }, now)),
    ).toEqual(taken);
  });
});

describe('what SNS signs', () => {
  const common = {
    MessageId: 'id',
    TopicArn: TOPIC,
    Message: 'text',
    Timestamp: '2026-06-01T12:00:00.000Z',
    SignatureVersion: '1' as const,
    SigningCertURL: CERTIFICATE_URL,
  };
  const end = `Timestamp\n2026-06-01T12:00:00.000Z\n`;

  // Catches: an order of its own, which the fake, as it signs by the same function, would share.
  it('is name and value of each field, in the order of the alphabet', () => {
    const notification = { ...common, Type: 'Notification' as const };
    const body = 'Message\ntext\nMessageId\nid\n';
    const tail = `TopicArn\n${TOPIC}\nType\nNotification\n`;
    expect(textToSign(notification)).toBe(body + end + tail);
    expect(textToSign({ ...notification, Subject: null })).toBe(body + end + tail);
    expect(textToSign({ ...notification, Subject: 'a' })).toBe(`${body}Subject\na\n${end}${tail}`);
  });

  it('has address and token where a subscription is to be confirmed', () => {
    const confirmation = {
      ...common,
      Type: 'SubscriptionConfirmation' as const,
      SubscribeURL: SNS,
      Token: 't',
    };
    expect(textToSign(confirmation)).toBe(
      `Message\ntext\nMessageId\nid\nSubscribeURL\n${SNS}\n${end}Token\nt\nTopicArn\n${TOPIC}\nType\nSubscriptionConfirmation\n`,
    );
  });
});

describe('the addresses of SNS', () => {
  it('are in the domain of the partition', () => {
    const china = 'arn:aws-cn:sns:cn-north-1:123456789012:receipts';
    expect(addressAtSns('https://sns.cn-north-1.amazonaws.com.cn/x', china)).not.toBeNull();
    expect(addressAtSns('https://sns.cn-north-1.amazonaws.com/x', china)).toBeNull();
    expect(addressAtSns('https://null/x', 'not an arn')).toBeNull();
  });
});
