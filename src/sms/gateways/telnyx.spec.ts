import { generateKeyPairSync, sign } from 'node:crypto';
import { aReceiptRequest, receiptsContract } from '../../../test/contracts/receipts.contract';
import { aMessage } from '../../testing/message';
import { gatewayTools, httpGatewayContract } from '../../../test/contracts/gateway.contract';
import { GatewayEmulator } from '../../testing/fakes/gateway-emulator';
import { UndiciHttpClient } from '../../common/outbound/http-client.service';
import type { RejectReason, SmsMessage, SmsOutcome } from '../gateway';
import type { ReceiptRequest, SmsReceipt } from '../receipt';
import telnyx from './telnyx';

const KEY = 'KEY0123-telnyx-canary';
const PROFILE = '0f512bda-ae1e-4597-8e11-e5f5686b97d3';
const ID = '40385f64-5717-4562-b3fc-2c963f66afa6';
const RECEIPT_URL = 'https://verify.example.com/v1/receipts/telnyx/ticket';
const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const rawKey = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64');
const settings = { apiKey: KEY, publicKey: rawKey, from: '+12015550123' };

const recipient = (status: string) => [
  { phone_number: '+34600987123', status, carrier: 'Movistar', line_type: 'Wireless' },
];
const taken = {
  data: {
    ...{ record_type: 'message', direction: 'outbound', id: ID, type: 'SMS', to: recipient('queued') },
    ...{ text: 'Your code', encoding: 'GSM-7', parts: 1, cost: null, errors: [] },
  },
};
const failure = (code: number | string, pointer = '/to') => ({
  errors: [{ code: String(code), title: 'No', detail: 'Not so.', source: { pointer }, meta: { url: 'x' } }],
});
type Row = readonly [string, number, object | string, SmsOutcome];
const refused = (status: number, reason: RejectReason, codes: readonly number[]): Row[] =>
  codes.map((code) => [
    `${code} as ${reason}`,
    status,
    failure(code),
    { outcome: 'rejected', reason, vendorCode: String(code) },
  ]);

describe('telnyx', () => {
  httpGatewayContract({
    definition: telnyx,
    settings: (baseUrl) => ({ ...settings, baseUrl }),
    secrets: [KEY],
    accepted: { status: 200, body: taken, reference: ID },
    number: '+34600987123',
    validity: {},
    numberIn: ({ body }) => JSON.parse(body).to,
    strange2xx: 'unknown',
    limits: [
      ['the queue of the sender', 'sms', 422, failure(40318), 'sender'],
      ['calls of the account', 'sms', 429, failure(10011), 'account'],
    ],
    errors: [
      ...refused(401, 'unauthorized', [10009]),
      ...refused(403, 'unauthorized', [10010]),
      ...refused(402, 'no-credit', [20100]),
      ...refused(429, 'rate-limited', [10011]),
      ...refused(422, 'rate-limited', [40318]),
      ...refused(400, 'invalid-number', [10002, 10016, 40001, 40012, 40310]),
      ...refused(403, 'opted-out', [40300]),
      ...refused(422, 'content', [40002, 40007, 40009, 40015, 40302, 40316, 40322, 40328]),
      // Our request, sender, profile, region; the last is not documented.
      ...refused(400, 'refused', [10001, 10004, 10015, 40013, 40100, 40301, 40304, 40305, 40306]),
      ...refused(
        422,
        'refused',
        [40309, 40311, 40312, 40313, 40314, 40315, 40319, 40320, 40321, 40329, 99999],
      ),
      ...refused(404, 'unavailable', [10005]),
      ...refused(400, 'unavailable', [10003, 10006]),
      ...refused(403, 'refused', [20012]),
      [
        'our sender is no number',
        400,
        failure(10002, '/from'),
        { outcome: 'rejected', reason: 'refused', vendorCode: '10002' },
      ],
      ['unexpected error', 400, failure(10007), { outcome: 'unknown', vendorCode: '10007' }],
      ['time-out of the vendor', 408, failure(10008), { outcome: 'unknown', vendorCode: '10008' }],
      ['unexpected error with its status', 500, failure(10007), { outcome: 'unknown', vendorCode: '500' }],
      [
        '422 without a code',
        422,
        { errors: [{}] },
        { outcome: 'rejected', reason: 'refused', vendorCode: '422' },
      ],
      [
        'a failure with the status of a success',
        200,
        { data: { ...taken.data, to: recipient('sending_failed'), errors: failure(40310).errors } },
        { outcome: 'rejected', reason: 'invalid-number', vendorCode: '40310' },
      ],
    ],
  });

  describe('builds the request', () => {
    let emulator: GatewayEmulator;
    const http = new UndiciHttpClient({ allowPrivate: true });
    beforeEach(async () => {
      emulator = await GatewayEmulator.start();
      emulator.answer(200, taken);
    });
    afterEach(() => emulator.stop());
    afterAll(() => http.close());

    const gateway = (more: Record<string, string | undefined> = {}) =>
      telnyx.create(
        telnyx.config.parse({ ...settings, baseUrl: `${emulator.url}/`, ...more }),
        gatewayTools(http),
      );
    const send = (message: Partial<SmsMessage> = {}, more: Record<string, string | undefined> = {}) =>
      gateway(more).send(aMessage(message), AbortSignal.timeout(5_000));
    const sent = async (message: Partial<SmsMessage> = {}, more: Record<string, string | undefined> = {}) => {
      await send(message, more);
      return JSON.parse(emulator.lastRequest.body) as Record<string, unknown>;
    };

    it('as JSON with a Bearer key, and without webhooks where none can reach us', async () => {
      expect(await sent()).toEqual({
        to: '+34600987123',
        from: '+12015550123',
        text: 'Your code is 483920. Never share it.',
        type: 'SMS',
        use_profile_webhooks: false,
      });
      expect(emulator.lastRequest).toMatchObject({
        path: '/v2/messages',
        headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
      });
    });

    it('with the receipt address as its only webhook', async () => {
      expect(await sent({ receiptUrl: RECEIPT_URL })).toMatchObject({
        webhook_url: RECEIPT_URL,
        use_profile_webhooks: false,
      });
    });

    it.each([
      ['a name and its profile', { from: 'Acme', messagingProfileId: PROFILE }],
      ['a short code', { from: '12345' }],
      ['the number pool of a profile', { from: undefined, messagingProfileId: PROFILE }],
    ])('with %s', async (_name, more: Record<string, string | undefined>) => {
      const { from, messaging_profile_id } = await sent({}, more);
      expect({ from, messagingProfileId: messaging_profile_id }).toEqual(more);
    });

    it.each([
      [
        'parts and cost',
        { parts: 2, cost: { amount: '0.0081', currency: 'USD' } },
        { parts: 2, price: { micros: 8_100, currency: 'USD' } },
      ],
      ['nothing that is not told', { parts: null, cost: { amount: null, currency: null } }, {}],
      ['the id alone', { parts: 'one', cost: 'free', to: null, errors: null }, {}],
    ])('reads %s', async (_name, more, expected) => {
      emulator.answer(200, { data: { ...taken.data, ...more } });
      expect(await send()).toEqual({ outcome: 'accepted', reference: ID, ...expected });
    });

    it('reads how long it wants to be left alone', async () => {
      emulator.answer(429, failure(10011), { 'retry-after': '2' });
      expect(await send()).toMatchObject({ reason: 'rate-limited', retryAfterMs: 2_000 });
    });

    it('asks for the balance', async () => {
      const data = { record_type: 'balance', balance: '300.00', credit_limit: '100.00', currency: 'USD' };
      emulator.answer(200, { data });
      const signal = AbortSignal.timeout(5_000);
      expect(await gateway().balance?.(signal)).toEqual({ micros: 300_000_000, currency: 'USD' });
      expect(emulator.lastRequest).toMatchObject({ method: 'GET', path: '/v2/balance' });
      for (const body of [{}, { data: {} }, { data: null }]) {
        emulator.answer(200, body);
        await expect(gateway().balance?.(signal)).rejects.toThrow();
      }
    });
  });

  it.each([
    ['a sender of letters without a profile', { from: 'Acme' }],
    ['neither sender nor profile', { from: undefined }],
    ['a sender without the plus', { from: '12015550123' }],
    ['a public key of 31 bytes', { publicKey: Buffer.alloc(31).toString('base64') }],
    ['a public key as PEM', { publicKey: '-----BEGIN PUBLIC KEY-----' }],
  ])('refuses %s', (_name, more) => {
    expect(telnyx.config.safeParse({ ...settings, ...more }).success).toBe(false);
  });

  const signed = (body: string, now: number, key = privateKey): ReceiptRequest => {
    const bytes = Buffer.from(body, 'utf8');
    const time = String(Math.floor(now / 1_000));
    const signature = sign(null, Buffer.concat([Buffer.from(`${time}|`), bytes]), key).toString('base64');
    const headers = { 'telnyx-signature-ed25519': signature, 'telnyx-timestamp': time };
    return aReceiptRequest({ url: RECEIPT_URL, headers, body: bytes, now });
  };
  const event = (type: string, status: string, more: Record<string, unknown> = {}) =>
    JSON.stringify({
      data: {
        event_type: type,
        id: '4ee8c3a6-4995-4309-a3c6-38e3db9ea4be',
        occurred_at: '2026-06-01T12:00:00.000+00:00',
        payload: {
          ...{ record_type: 'message', direction: 'outbound', id: ID, type: 'SMS', text: 'Your code' },
          ...{ from: { phone_number: '+12015550123' }, to: recipient(status), parts: 1, encoding: 'GSM-7' },
          ...{ cost: { amount: '0.0051', currency: 'USD' }, errors: [], tags: [], ...more },
        },
        record_type: 'event',
      },
      meta: { attempt: 1, delivered_to: RECEIPT_URL },
    });
  const receipt = (more: Partial<SmsReceipt>): SmsReceipt[] => [
    { reference: ID, state: 'delivered', parts: 1, price: { micros: 5_100, currency: 'USD' }, ...more },
  ];
  const notDelivered = (code: string, reason: SmsReceipt['reason']) =>
    [
      `delivery failed, ${code}`,
      event('message.finalized', 'delivery_failed', { errors: [{ code, title: 'No' }] }),
      receipt({ state: 'undelivered', reason }),
    ] as const;
  const examples = [
    ['delivered', event('message.finalized', 'delivered'), receipt({})],
    ['read', event('message.finalized', 'read'), receipt({})],
    ['queued', event('message.sent', 'queued'), receipt({ state: 'accepted' })],
    ['sending', event('message.sent', 'sending'), receipt({ state: 'sent' })],
    ['sent', event('message.sent', 'sent'), receipt({ state: 'sent' })],
    ['unconfirmed', event('message.finalized', 'delivery_unconfirmed'), receipt({ state: 'unknown' })],
    ['expired', event('message.finalized', 'expired'), receipt({ state: 'undelivered', reason: 'expired' })],
    [
      'never sent',
      event('message.finalized', 'sending_failed'),
      receipt({ state: 'undelivered', reason: 'unknown' }),
    ],
    [
      'two parts without a cost',
      event('message.finalized', 'delivered', { parts: 2, cost: null }),
      [{ reference: ID, state: 'delivered', parts: 2 }],
    ],
    notDelivered('40001', 'invalid-number'),
    notDelivered('40002', 'content'),
    notDelivered('40003', 'unavailable'),
    notDelivered('40004', 'unknown'),
    notDelivered('40005', 'expired'),
    notDelivered('40006', 'unavailable'),
    notDelivered('40008', 'unreachable'),
    notDelivered('40009', 'content'),
    notDelivered('40010', 'unavailable'),
    notDelivered('40011', 'unavailable'),
    notDelivered('40012', 'invalid-number'),
    notDelivered('40013', 'unavailable'),
    notDelivered('40014', 'expired'),
    notDelivered('40015', 'content'),
    notDelivered('40300', 'opted-out'),
    notDelivered('99999', 'unknown'),
    ['the reply of a person', event('message.received', 'delivered', { direction: 'inbound' }), []],
  ] as const satisfies readonly (readonly [string, string, readonly SmsReceipt[]])[];

  describe('with the public key', () => {
    receiptsContract({
      definition: telnyx,
      settings,
      authentic: (body, now) => signed(body, now),
      signature: 'covers-body',
      signatureNames: ['telnyx-signature-ed25519', 'telnyx-timestamp'],
      hasReplayWindow: true,
      examples,
    });

    const reader = (more: Record<string, string | undefined> = {}) =>
      telnyx.create(
        telnyx.config.parse({ ...settings, ...more }),
        gatewayTools({ request: () => Promise.reject(new Error('not called')) }),
      );
    const NOW = Date.UTC(2026, 5, 1, 12);
    const body = event('message.sent', 'sent');
    const kindOf = async (request: ReceiptRequest) => (await reader().readReceipts?.(request))?.kind;

    // Catches: any valid signature, whoever made it.
    it('believes no other key', async () => {
      const stranger = generateKeyPairSync('ed25519').privateKey;
      expect(await kindOf(signed(body, NOW, stranger))).toBe('forged');
    });

    it('allows five minutes either way, to the second', async () => {
      const request = signed(body, NOW);
      expect(await kindOf({ ...request, now: NOW + 300_000 })).toBe('receipts');
      expect(await kindOf({ ...request, now: NOW - 300_000 })).toBe('receipts');
      expect(await kindOf({ ...request, now: NOW + 300_001 })).toBe('forged');
      expect(await kindOf({ ...request, now: NOW - 300_001 })).toBe('forged');
    });

    it.each([
      ['nothing', ''],
      ['no event', '{}'],
      ['a message without an id', event('message.sent', 'sent', { id: '' })],
      ['a message without a recipient', event('message.sent', 'sent', { to: [] })],
    ])('calls malformed what has %s', async (_name, text) => {
      expect(await kindOf(signed(text, NOW))).toBe('malformed');
    });
  });

  describe('without the public key', () => {
    receiptsContract({
      definition: telnyx,
      settings: { apiKey: KEY, from: '+12015550123' },
      authentic: (body, now) => aReceiptRequest({ url: RECEIPT_URL, body: Buffer.from(body, 'utf8'), now }),
      signature: 'none',
      signatureNames: [],
      hasReplayWindow: false,
      examples: examples.slice(0, 2),
    });
  });
});
