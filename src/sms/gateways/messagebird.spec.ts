import { createHash, createHmac } from 'node:crypto';
import { aReceiptRequest, receiptsContract } from '../../../test/contracts/receipts.contract';
import { aMessage } from '../../testing/message';
import { gatewayTools, httpGatewayContract } from '../../../test/contracts/gateway.contract';
import { GatewayEmulator } from '../../testing/fakes/gateway-emulator';
import { UndiciHttpClient } from '../../common/outbound/http-client.service';
import type { SmsMessage, SmsOutcome } from '../gateway';
import type { ReceiptRequest, SmsReceipt } from '../receipt';
import messagebird from './messagebird';

const ID = 'efa6405d518d4c0c88cce11f7db775fb';
const created = (item: object = {}) => ({
  id: ID,
  href: `https://rest.messagebird.com/messages/${ID}`,
  direction: 'mt',
  type: 'sms',
  originator: 'Sixdigit',
  body: 'Your code is 483920. Never share it.',
  reference: 'r',
  validity: 600,
  gateway: 10,
  typeDetails: {},
  datacoding: 'plain',
  mclass: 1,
  scheduledDatetime: null,
  createdDatetime: '2026-06-01T12:00:00+00:00',
  recipients: {
    totalCount: 1,
    totalSentCount: 1,
    totalDeliveredCount: 0,
    totalDeliveryFailedCount: 0,
    items: [
      {
        recipient: 34600987123,
        status: 'sent',
        statusDatetime: '2026-06-01T12:00:00+00:00',
        messagePartCount: 1,
        ...item,
      },
    ],
  },
});

const rejected = (
  reason: Extract<SmsOutcome, { outcome: 'rejected' }>['reason'],
  vendorCode: string,
): SmsOutcome => ({ outcome: 'rejected', reason, vendorCode });
const error = (code: number, parameter: string | null) => ({
  errors: [{ code, description: 'about 34600987123', parameter }],
});

describe('messagebird', () => {
  httpGatewayContract({
    definition: messagebird,
    settings: (baseUrl) => ({ accessKey: 'bird-key-canary', from: 'Sixdigit', baseUrl }),
    secrets: ['bird-key-canary'],
    accepted: { status: 201, body: created(), reference: ID },
    number: '34600987123',
    validity: { sms: { secondsIn: ({ body }) => JSON.parse(body).validity } },
    numberIn: ({ body }) => JSON.parse(body).recipients[0],
    strange2xx: 'unknown',
    errors: [
      ['a wrong access key', 401, error(2, 'access_key'), rejected('unauthorized', '2')],
      ['a recipient it does not take', 422, error(9, 'recipients'), rejected('invalid-number', '9')],
      [
        'a recipient it does not take, in the singular',
        422,
        error(9, 'recipient'),
        rejected('invalid-number', '9'),
      ],
      ['an invalid recipient', 422, error(10, 'recipients'), rejected('invalid-number', '10')],
      ['no sender', 422, error(9, 'originator'), rejected('refused', '9')],
      ['an invalid sender', 422, error(10, 'originator'), rejected('refused', '10')],
      ['no text', 422, error(9, 'body'), rejected('content', '9')],
      ['a parameter called constructor', 422, error(10, 'constructor'), rejected('refused', '10')],
      ['not found', 404, error(20, null), rejected('unavailable', '20')],
      ['a bad request', 400, error(21, null), rejected('refused', '21')],
      ['no balance', 400, error(25, null), rejected('no-credit', '25')],
      ['an unknown call', 404, error(98, null), rejected('unavailable', '98')],
      ['an internal error', 500, error(99, null), { outcome: 'unknown', vendorCode: '500' }],
      ['an internal error, as a refusal', 400, error(99, null), { outcome: 'unknown', vendorCode: '99' }],
      ['a code nobody documents', 422, error(77, null), rejected('refused', '422')],
      ['a code that is no number', 400, { errors: [{ code: 'constructor' }] }, rejected('refused', '400')],
      ['no errors in the list', 402, { errors: [] }, rejected('no-credit', '402')],
      ['too many requests', 429, error(21, null), rejected('rate-limited', '429')],
      ['failed at once', 201, created({ status: 'delivery_failed' }), rejected('refused', 'delivery_failed')],
      ['expired at once', 201, created({ status: 'expired' }), rejected('refused', 'expired')],
      ['no id', 201, { ...created(), id: undefined }, { outcome: 'unknown', vendorCode: '201' }],
    ],
  });

  describe('over HTTP', () => {
    let emulator: GatewayEmulator;
    const http = new UndiciHttpClient({ allowPrivate: true });
    const signal = AbortSignal.timeout(20_000);
    beforeEach(async () => {
      emulator = await GatewayEmulator.start();
      emulator.answer(201, created());
    });
    afterEach(() => emulator.stop());
    afterAll(() => http.close());

    const gateway = (settings: Record<string, string> = {}) => {
      const config = { accessKey: 'k1', from: 'Sixdigit', baseUrl: `${emulator.url}/`, ...settings };
      return messagebird.create(messagebird.config.parse(config), gatewayTools(http));
    };
    const sent = async (message: Partial<SmsMessage> = {}, settings: Record<string, string> = {}) => {
      await gateway(settings).send(aMessage(message), signal);
      return JSON.parse(emulator.lastRequest.body) as Record<string, unknown>;
    };

    it('posts one message with its reference, under the access key', async () => {
      const message = aMessage();
      expect(await sent(message)).toEqual({
        originator: 'Sixdigit',
        recipients: [message.to.slice(1)],
        body: message.text,
        datacoding: 'auto',
        validity: 600,
        reference: message.clientReference,
      });
      const { method, path, headers } = emulator.lastRequest;
      expect({ method, path }).toEqual({ method: 'POST', path: '/messages' });
      expect(headers).toMatchObject({ authorization: 'AccessKey k1', 'content-type': 'application/json' });
    });

    it('asks for receipts only where one can reach us', async () => {
      const receiptUrl = 'https://verify.example.com/v1/receipts/messagebird/ticket';
      expect(await sent({ receiptUrl })).toMatchObject({ reportUrl: receiptUrl });
      expect(await sent({ receiptUrl: null })).not.toHaveProperty('reportUrl');
    });

    it.each(['Sixdigit', '+31612345678', '31612345678', '1008'])('sends from %s', async (from) => {
      expect(await sent({}, { from })).toMatchObject({ originator: from });
    });

    it('says when a text needs Unicode', async () => {
      expect(await sent({ text: 'Ваш код 483920' })).toMatchObject({ datacoding: 'unicode' });
    });

    it('tells how many parts are billed', async () => {
      emulator.answer(201, created({ messagePartCount: 2 }));
      expect(await gateway().send(aMessage(), signal)).toEqual({
        outcome: 'accepted',
        reference: ID,
        parts: 2,
      });
    });

    it.each([
      ['credits', 9.2, { micros: 9_200_000, currency: 'CREDITS' }],
      ['euros', 12.345678, { micros: 12_345_678, currency: 'EUR' }],
      ['usd', -3, { micros: -3_000_000, currency: 'USD' }],
    ])('tells its balance in %s', async (type, amount, expected) => {
      emulator.answer(200, { payment: 'prepaid', type, amount });
      expect(await gateway().balance?.(signal)).toEqual(expected);
      expect(emulator.lastRequest).toMatchObject({ method: 'GET', path: '/balance' });
    });

    it.each([
      ['refuses', 401, error(2, 'access_key')],
      ['answers with what is no balance', 200, { payment: 'prepaid', type: 7, amount: 'k1' }],
    ])('quotes nothing when the vendor %s', async (_name, status, body) => {
      emulator.answer(status, body);
      await expect(gateway().balance?.(signal)).rejects.toThrow(/^the gateway (answered|did not tell)/);
    });
  });

  it.each([
    ['no sender', { accessKey: 'k' }],
    ['a sender of 12 letters', { accessKey: 'k', from: 'ABCDEFGHIJKL' }],
    ['no key', { from: 'x' }],
  ])('refuses %s', (_name, settings) => {
    expect(messagebird.config.safeParse(settings).success).toBe(false);
  });

  const KEY = 'bird-signing-key';
  const HEADER = 'messagebird-signature-jwt';
  const base64url = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const sha256 = (value: string | Buffer) => createHash('sha256').update(value).digest('hex');
  const token = (claims: object, key = KEY, alg: 'HS256' | 'HS384' | 'HS512' | 'none' = 'HS256') => {
    const signed = `${base64url({ alg, typ: 'JWT' })}.${base64url(claims)}`;
    if (alg === 'none') return `${signed}.`;
    return `${signed}.${createHmac(`sha${alg.slice(2)}`, key)
      .update(signed)
      .digest('base64url')}`;
  };
  const claimsFor = (url: string, now: number) => {
    const at = Math.floor(now / 1_000);
    return {
      iss: 'MessageBird',
      nbf: at,
      exp: at + 60,
      jti: '59a244dc-e9ad-4e23-9778-371faa238f72',
      url_hash: sha256(url),
    };
  };
  const reportUrl = (query: string) => `https://verify.example.com/v1/receipts/messagebird/secret?${query}`;
  const signed = (query: string, now: number): ReceiptRequest => {
    const url = reportUrl(encodeURI(Buffer.from(query).toString()));
    return aReceiptRequest({ method: 'GET', url, now, headers: { [HEADER]: token(claimsFor(url, now)) } });
  };

  const clientReference = 'c'.repeat(44);
  const report = (status: string, more = '') =>
    `id=${ID}&reference=${clientReference}&recipient=34600987123&status=${status}` +
    `&statusDatetime=2026-06-01T12%3A00%3A05%2B00%3A00${more}`;
  const about = { reference: ID, clientReference };
  const failed = (reason: SmsReceipt['reason']): SmsReceipt[] => [{ ...about, state: 'undelivered', reason }];

  receiptsContract({
    definition: messagebird,
    settings: { accessKey: 'k', from: 'Sixdigit', signingKey: KEY },
    authentic: signed,
    signature: 'covers-address',
    signatureNames: [HEADER],
    hasReplayWindow: true,
    examples: [
      ['delivered', report('delivered'), [{ ...about, state: 'delivered' }]],
      [
        'delivered, with parts and price',
        report('delivered', '&messagePartCount=2&price[amount]=0.075&price[currency]=EUR&statusErrorCode=0'),
        [{ ...about, state: 'delivered', parts: 2, price: { micros: 75_000, currency: 'EUR' } }],
      ],
      ['scheduled', report('scheduled'), [{ ...about, state: 'accepted' }]],
      ['sent', report('sent'), [{ ...about, state: 'sent' }]],
      ['buffered', report('buffered'), [{ ...about, state: 'sent' }]],
      ['expired', report('expired', '&statusErrorCode=27'), failed('expired')],
      ['failed, not said why', report('delivery_failed'), failed('unknown')],
      [
        'failed for a reason nobody documents',
        report('delivery_failed', '&statusReason=constructor&statusErrorCode=999'),
        failed('unknown'),
      ],
      [
        'unknown subscriber by code',
        report('delivery_failed', '&statusErrorCode=1'),
        failed('invalid-number'),
      ],
      ['unidentified subscriber', report('delivery_failed', '&statusErrorCode=5'), failed('invalid-number')],
      ['absent subscriber', report('delivery_failed', '&statusErrorCode=27'), failed('unreachable')],
      ['busy subscriber', report('delivery_failed', '&statusErrorCode=31'), failed('unreachable')],
      ['barred', report('delivery_failed', '&statusErrorCode=13'), failed('blocked')],
      ['system failure', report('delivery_failed', '&statusErrorCode=34'), failed('unavailable')],
      [
        'unknown subscriber',
        report('delivery_failed', '&statusReason=unknown+subscriber'),
        failed('invalid-number'),
      ],
      [
        'unavailable subscriber',
        report('delivery_failed', '&statusReason=unavailable_subscriber'),
        failed('unreachable'),
      ],
      ['opted out', report('delivery_failed', '&statusReason=opted+out'), failed('opted-out')],
      [
        'rejected by the operator',
        report('delivery_failed', '&statusReason=carrier_rejected'),
        failed('unavailable'),
      ],
      [
        'insufficient balance',
        report('delivery_failed', '&statusReason=insufficient+balance'),
        failed('no-credit'),
      ],
      [
        'only with our reference',
        `reference=${clientReference}&status=delivered`,
        [{ clientReference, state: 'delivered' }],
      ],
    ],
  });

  describe('signed receipts', () => {
    const now = Date.UTC(2026, 5, 1, 12);
    const url = reportUrl(report('delivered'));
    const gateway = (settings: object = { signingKey: KEY }) =>
      messagebird.create(
        messagebird.config.parse({ accessKey: 'k', from: 'Sixdigit', ...settings }),
        gatewayTools({ request: () => Promise.reject(new Error('not called')) }),
      );
    const kindOf = async (jwt: string, more: Partial<ReceiptRequest> = {}) => {
      const request = aReceiptRequest({ method: 'GET', url, now, headers: { [HEADER]: jwt }, ...more });
      return (await gateway().readReceipts?.(request))?.kind;
    };

    it.each(['HS256', 'HS384', 'HS512'] as const)('may be signed with %s', async (alg) => {
      expect(await kindOf(token(claimsFor(url, now), KEY, alg))).toBe('receipts');
    });

    // Catches: an algorithm taken from the token.
    it('may not be unsigned', async () => {
      expect(await kindOf(token(claimsFor(url, now), KEY, 'none'))).toBe('forged');
    });

    // Catches: url_hash never compared, so that one captured token vouches for any state of any message.
    it('are forged at another address, or with the parameters in another order', async () => {
      const jwt = token(claimsFor(url, now));
      for (const other of [
        `${url}&x=1`,
        url.replace('delivered', 'sent'),
        url.replace('https', 'http'),
        reportUrl(''),
      ]) {
        expect(await kindOf(jwt, { url: other, query: new URL(other).searchParams })).toBe('forged');
      }
    });

    // Catches: payload_hash that is compared only when it is there.
    it('are forged with a body that was put in, taken out or changed on the way', async () => {
      const claims = claimsFor(url, now);
      const withBody = token({ ...claims, payload_hash: sha256('a=b') });
      expect(await kindOf(withBody, { body: Buffer.from('a=b') })).toBe('receipts');
      expect(await kindOf(withBody, { body: Buffer.from('a=c') })).toBe('forged');
      expect(await kindOf(withBody)).toBe('forged');
      expect(await kindOf(token(claims), { body: Buffer.from('a=b') })).toBe('forged');
    });

    // Catches: a claim that is checked only when it is there.
    it.each(['iss', 'nbf', 'exp', 'jti', 'url_hash'] as const)(
      'are forged without the claim %s',
      async (name) => {
        const { [name]: _removed, ...claims } = claimsFor(url, now);
        expect(await kindOf(token(claims))).toBe('forged');
      },
    );

    it('are forged in the name of somebody else', async () => {
      expect(await kindOf(token({ ...claimsFor(url, now), iss: 'Mallory' }))).toBe('forged');
    });

    it('are read without a signature when no key is set', async () => {
      const request = aReceiptRequest({ method: 'GET', url });
      expect(await gateway({}).readReceipts?.(request)).toMatchObject({ kind: 'receipts' });
    });

    it.each(['status=&id=x', 'status=delivered', 'id=x'])('are malformed as %s', async (query) => {
      const request = aReceiptRequest({ method: 'GET', url: reportUrl(query) });
      expect(await gateway({}).readReceipts?.(request)).toEqual({ kind: 'malformed' });
    });
  });
});
