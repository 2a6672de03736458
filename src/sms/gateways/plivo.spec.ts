import { createHmac } from 'node:crypto';
import { aReceiptRequest, receiptsContract } from '../../../test/contracts/receipts.contract';
import { aMessage } from '../../testing/message';
import { gatewayTools, httpGatewayContract } from '../../../test/contracts/gateway.contract';
import { GatewayEmulator } from '../../testing/fakes/gateway-emulator';
import { UndiciHttpClient } from '../../common/outbound/http-client.service';
import type { RejectReason, SmsMessage, SmsOutcome } from '../gateway';
import type { ReceiptRequest, SmsReceipt } from '../receipt';
import plivo from './plivo';

const TOKEN = 'plivo-token-canary';
const settings = { authId: 'MAXXXXXXXXXXXXXXXXXX', authToken: TOKEN, from: '+12015550123' };
const RECEIPT_URL = 'https://verify.example.com/v1/receipts/plivo/ticket';
const UUID = 'db3ce55a-7f1d-11e1-8ea7-1231380bc196';

const queued = { api_id: 'db342550', message: 'message(s) queued', message_uuid: [UUID] };
const fired = { api_id: '97ceeb52', message: 'call fired', request_uuid: '9834029e' };
const failed = (text: string) => ({ api_id: '2c6e31ea', error: text });
const rejected = (reason: RejectReason, vendorCode: string): SmsOutcome => ({
  outcome: 'rejected',
  reason,
  vendorCode,
});

describe('plivo', () => {
  httpGatewayContract({
    definition: plivo,
    settings: (baseUrl) => ({ ...settings, baseUrl }),
    secrets: [TOKEN, Buffer.from(`${settings.authId}:${TOKEN}`).toString('base64')],
    accepted: { status: 202, body: queued, reference: UUID },
    number: '34600987123',
    validity: {
      sms: { secondsIn: ({ body }) => JSON.parse(body).message_expiry },
      voice: {
        secondsIn: ({ body }) => JSON.parse(body).ring_timeout,
        message: { receiptUrl: RECEIPT_URL },
      },
    },
    numberIn: ({ body }) => JSON.parse(body).dst,
    strange2xx: 'unknown',
    errors: [
      ['a parameter is missing or wrong', 400, failed('dst is invalid'), rejected('refused', '400')],
      ['wrong credentials', 401, 'Could not verify your access level', rejected('unauthorized', '401')],
      ['no credit', 400, failed('Insufficient Credit'), rejected('no-credit', '400')],
      ['no credit, by its status', 402, failed('no'), rejected('no-credit', '402')],
      ['country not enabled', 403, failed('geo permission'), rejected('refused', '403')],
      ['unknown account', 404, failed('not found'), rejected('refused', '404')],
      ['wrong method', 405, failed('not allowed'), rejected('refused', '405')],
      ['not acceptable', 406, failed('not acceptable'), rejected('refused', '406')],
      ['too many calls', 429, failed('throttled'), rejected('rate-limited', '429')],
      ['server error', 500, failed('server error'), { outcome: 'unknown', vendorCode: '500' }],
      [
        'the number refused, with a success',
        202,
        { ...queued, message_uuid: [], invalid_number: ['34600987123'] },
        rejected('invalid-number', 'invalid_number'),
      ],
      ['neither taken nor refused', 202, { api_id: 'x' }, { outcome: 'unknown', vendorCode: '202' }],
    ],
  });

  describe('builds the request', () => {
    let emulator: GatewayEmulator;
    const http = new UndiciHttpClient({ allowPrivate: true });
    beforeEach(async () => {
      emulator = await GatewayEmulator.start();
      emulator.answer(202, queued);
    });
    afterEach(() => emulator.stop());
    afterAll(() => http.close());

    const gateway = (more: Record<string, string> = {}) =>
      plivo.create(
        plivo.config.parse({ ...settings, baseUrl: `${emulator.url}/`, ...more }),
        gatewayTools(http),
      );
    const send = (message: Partial<SmsMessage> = {}, more: Record<string, string> = {}) =>
      gateway(more).send(aMessage(message), AbortSignal.timeout(5_000));
    const sent = async (message: Partial<SmsMessage> = {}, more: Record<string, string> = {}) => {
      await send(message, more);
      return JSON.parse(emulator.lastRequest.body) as Record<string, unknown>;
    };

    it('of a text: JSON, Basic credentials, neither text nor number kept, no callback where none can reach us', async () => {
      expect(await sent()).toEqual({
        src: '12015550123',
        dst: '34600987123',
        text: 'Your code is 483920. Never share it.',
        type: 'sms',
        log: false,
        message_expiry: 600,
      });
      const { path, headers } = emulator.lastRequest;
      expect(path).toBe(`/v1/Account/${settings.authId}/Message/`);
      expect(headers.authorization).toBe(
        `Basic ${Buffer.from(`${settings.authId}:${TOKEN}`).toString('base64')}`,
      );
    });

    it('with the receipt address, to be called by POST', async () => {
      expect(await sent({ receiptUrl: RECEIPT_URL })).toMatchObject({ url: RECEIPT_URL, method: 'POST' });
    });

    it.each([
      ['12345', { src: '12345' }],
      ['AcmeBank', { src: 'AcmeBank' }],
      [UUID, { powerpack_uuid: UUID }],
    ])('with the sender %s', async (from, expected) => {
      const { src, powerpack_uuid } = await sent({}, { from });
      expect({ src, powerpack_uuid }).toEqual(expected);
    });

    it('of a call, without a word of it where it can be read', async () => {
      emulator.answer(201, fired);
      const outcome = await send(
        { channel: 'voice', receiptUrl: RECEIPT_URL },
        { voiceFrom: '+12015550199' },
      );
      expect(outcome).toEqual({ outcome: 'accepted', reference: '9834029e' });
      expect(emulator.lastRequest.path).toBe(`/v1/Account/${settings.authId}/Call/`);
      expect(JSON.parse(emulator.lastRequest.body)).toEqual({
        from: '12015550199',
        to: '34600987123',
        ring_timeout: 120,
        answer_url: expect.stringMatching(
          /^https:\/\/verify\.example\.com\/v1\/receipts\/plivo\/ticket\?say=/,
        ),
        answer_method: 'POST',
        hangup_url: RECEIPT_URL,
        hangup_method: 'POST',
      });
      expect(emulator.lastRequest.body).not.toMatch(/483920|Never/);
    });

    it.each<[string, Partial<SmsMessage>, Record<string, string>]>([
      ['a call that Plivo could not ask back about', { receiptUrl: null }, {}],
      ['a call without a number to call from', { receiptUrl: RECEIPT_URL }, { from: 'Acme' }],
      ['a call in a language that no voice speaks', { receiptUrl: RECEIPT_URL, locale: 'tr' }, {}],
    ])('leaves %s to the next gateway', async (_name, message, more) => {
      const expected = { outcome: 'rejected', reason: 'content', vendorCode: 'not-configured' };
      expect(await send({ channel: 'voice', ...message }, more)).toEqual(expected);
      expect(emulator.requests).toHaveLength(0);
    });

    it('asks for the balance', async () => {
      emulator.answer(200, { account_type: 'standard', cash_credits: '84.71268' });
      const signal = AbortSignal.timeout(5_000);
      expect(await gateway().balance?.(signal)).toEqual({ micros: 84_712_680, currency: 'USD' });
      expect(emulator.lastRequest).toMatchObject({ method: 'GET', path: `/v1/Account/${settings.authId}/` });
      emulator.answer(200, {});
      await expect(gateway().balance?.(signal)).rejects.toThrow('balance');
    });
  });

  it.each([
    ['a sender of 12 letters', { from: 'ABCDEFGHIJKL' }],
    ['a sender with a sign', { from: 'MY-APP' }],
    ['a sender without the plus', { from: '12015550123' }],
    ['an auth ID with a slash', { authId: 'MA/../XXXXXX' }],
  ])('refuses %s', (_name, more) => {
    expect(plivo.config.safeParse({ ...settings, ...more }).success).toBe(false);
  });

  const NONCE = '05429567804466091622';
  const hmac = (text: string, token = TOKEN) => createHmac('sha256', token).update(text).digest('base64');
  /** As the vendor documents it: the address without its query, then the nonce. */
  const text = (body: string, now: number): ReceiptRequest =>
    aReceiptRequest({
      url: RECEIPT_URL,
      body: Buffer.from(body, 'utf8'),
      headers: {
        'x-plivo-signature-v2': hmac(RECEIPT_URL + NONCE),
        'x-plivo-signature-v2-nonce': NONCE,
      },
      now,
    });
  /** As the vendor's library writes it: address, sorted query, sorted form, nonce. */
  const call = (body: string, now: number, url = RECEIPT_URL): ReceiptRequest => {
    const { origin, pathname, searchParams } = new URL(url);
    const query = [...searchParams].map(([name, value]) => `${name}=${value}`).join('&');
    const bytes = Buffer.from(body, 'utf8');
    const form = [...new URLSearchParams(bytes.toString('utf8'))]
      .map((pair) => pair.join(''))
      .sort()
      .join('');
    const signed = `${origin}${pathname}${query || form ? '?' : ''}${query}${query && form ? '.' : ''}${form}.${NONCE}`;
    const headers = { 'x-plivo-signature-v3': hmac(signed), 'x-plivo-signature-v3-nonce': NONCE };
    return aReceiptRequest({ url, body: bytes, headers, now });
  };

  const reference = UUID;
  const message = (status: string, more: Record<string, string> = {}) =>
    new URLSearchParams({
      ...{
        MessageUUID: UUID,
        ParentMessageUUID: UUID,
        PartInfo: '1 of 1',
        From: '12015550123',
        To: '346*****123',
      },
      ...{ Type: 'sms', Status: status, Units: '1', TotalRate: '0.0065', TotalAmount: '0.0065', ...more },
    }).toString();
  const price = { micros: 6_500, currency: 'USD' };
  const notDelivered = (code: string, reason: SmsReceipt['reason']) =>
    [
      `failed, ${code}`,
      message('failed', { ErrorCode: code, TotalAmount: '0' }),
      [{ reference, state: 'undelivered', reason, parts: 1 }],
    ] as const;

  describe('of texts', () => {
    receiptsContract({
      definition: plivo,
      settings,
      authentic: text,
      signature: 'covers-address',
      signatureNames: ['x-plivo-signature-v2', 'x-plivo-signature-v2-nonce'],
      hasReplayWindow: false,
      examples: [
        ['delivered', message('delivered'), [{ reference, state: 'delivered', parts: 1, price }]],
        ['read', message('read'), [{ reference, state: 'delivered', parts: 1, price }]],
        [
          'two parts',
          message('sent', { Units: '2', TotalAmount: '0.0130' }),
          [{ reference, state: 'sent', parts: 2, price: { micros: 13_000, currency: 'USD' } }],
        ],
        [
          'queued',
          message('queued', { TotalAmount: '0.00000' }),
          [{ reference, state: 'accepted', parts: 1 }],
        ],
        [
          'undelivered without a code',
          message('undelivered', { TotalAmount: '' }),
          [{ reference, state: 'undelivered', reason: 'unknown', parts: 1 }],
        ],
        [
          'rejected',
          message('rejected', { ErrorCode: '40', TotalAmount: '' }),
          [{ reference, state: 'undelivered', reason: 'unavailable', parts: 1 }],
        ],
        notDelivered('10', 'content'),
        notDelivered('20', 'unavailable'),
        notDelivered('30', 'content'),
        notDelivered('40', 'unavailable'),
        notDelivered('50', 'invalid-number'),
        notDelivered('60', 'unavailable'),
        notDelivered('70', 'unreachable'),
        notDelivered('80', 'unreachable'),
        notDelivered('90', 'unavailable'),
        notDelivered('100', 'unavailable'),
        notDelivered('110', 'content'),
        notDelivered('200', 'opted-out'),
        notDelivered('201', 'unavailable'),
        notDelivered('300', 'unavailable'),
        notDelivered('420', 'expired'),
        notDelivered('450', 'unavailable'),
        notDelivered('451', 'blocked'),
        notDelivered('900', 'no-credit'),
        notDelivered('910', 'unavailable'),
        notDelivered('1000', 'unknown'),
        ['the reply of a person', `MessageUUID=${UUID}&From=34600987123&Type=sms&Text=thanks`, []],
      ],
    });
  });

  const hangup = (status: string, more: Record<string, string> = {}) =>
    new URLSearchParams({
      ...{ CallUUID: '9834029e', RequestUUID: '9834029e', From: '12015550123', To: '34600987123' },
      ...{ CallStatus: status, Direction: 'outbound', Event: 'Hangup', ...more },
    }).toString();
  describe('of calls', () => {
    const ended = (reason: SmsReceipt['reason']) => [
      { reference: '9834029e', state: 'undelivered', reason } as const,
    ];
    receiptsContract({
      definition: plivo,
      settings,
      authentic: (body, now) =>
        new URLSearchParams(body).has('CallUUID') ? call(body, now) : text(body, now),
      signature: 'covers-body',
      signatureNames: ['x-plivo-signature-v3', 'x-plivo-signature-v3-nonce'],
      hasReplayWindow: false,
      examples: [
        [
          'answered',
          hangup('completed', { TotalCost: '0.01200' }),
          [{ reference: '9834029e', state: 'delivered', price: { micros: 12_000, currency: 'USD' } }],
        ],
        ['ringing', hangup('ringing'), [{ reference: '9834029e', state: 'sent' }]],
        ...(['busy', 'timeout', 'no-answer'] as const).map(
          (word) => [word, hangup(word, { TotalCost: '0.00000' }), ended('unreachable')] as const,
        ),
        ['failed', hangup('failed'), ended('unknown')],
      ],
    });
  });

  describe('when somebody answers', () => {
    const asked = async (locale = 'en', spoken = 'Your code: 4, 8 <&>') => {
      let answerUrl = '';
      const http = {
        request: ({ body }: { body?: string }) => {
          answerUrl = (JSON.parse(body ?? '{}') as { answer_url: string }).answer_url;
          return Promise.resolve({ status: 201, headers: {}, body: JSON.stringify(fired) });
        },
      };
      const gateway = plivo.create(plivo.config.parse(settings), gatewayTools(http));
      const message = aMessage({ channel: 'voice', text: spoken, locale, receiptUrl: RECEIPT_URL });
      await gateway.send(message, AbortSignal.timeout(1_000));
      const question = 'CallUUID=9834029e&CallStatus=in-progress&Event=StartApp';
      return { gateway, request: call(question, Date.now(), answerUrl) };
    };

    it('says the words in their language', async () => {
      const { gateway, request } = await asked('es-MX', 'Su código: 4, 8 <&>');
      expect(await gateway.readReceipts?.(request)).toEqual({
        kind: 'handshake',
        body: '<Response><Speak language="es-ES">Su código: 4, 8 &#60;&#38;&#62;</Speak></Response>',
        contentType: 'application/xml',
      });
    });

    // Catches: words for whoever has the address, which stands in logs; V2 does not cover the query.
    it('says nothing without the signature of calls', async () => {
      const { gateway, request } = await asked();
      const { 'x-plivo-signature-v3': _removed, ...headers } = request.headers;
      expect(await gateway.readReceipts?.({ ...request, headers })).toEqual({ kind: 'forged' });
      const v2 = text('', request.now).headers;
      expect(await gateway.readReceipts?.({ ...request, headers: v2 })).toEqual({ kind: 'forged' });
      const elsewhere = call('', request.now).headers;
      expect(await gateway.readReceipts?.({ ...request, headers: elsewhere })).toEqual({ kind: 'forged' });
    });

    it('says nothing an hour later, nor words that are not ours', async () => {
      const { gateway, request } = await asked();
      const late = { ...request, now: request.now + 3_600_000 };
      expect(await gateway.readReceipts?.(late)).toEqual({ kind: 'malformed' });
      const strange = call('', request.now, `${RECEIPT_URL}?say=abc`);
      expect(await gateway.readReceipts?.(strange)).toEqual({ kind: 'malformed' });
    });
  });

  describe('reads', () => {
    const gateway = plivo.create(
      plivo.config.parse(settings),
      gatewayTools({ request: () => Promise.reject(new Error('not called')) }),
    );

    it('a receipt that comes as GET', async () => {
      const url = `${RECEIPT_URL}?${message('delivered')}`;
      const request = { ...text('', 0), method: 'GET' as const, url, query: new URL(url).searchParams };
      const receipts = [{ reference, state: 'delivered', parts: 1, price }];
      expect(await gateway.readReceipts?.(request)).toEqual({ kind: 'receipts', receipts });
    });

    it('one of several signatures, and no other address', async () => {
      const request = text(message('sent'), 0);
      const signature = `${hmac('other')}, ${request.headers['x-plivo-signature-v2']}`;
      const headers = { ...request.headers, 'x-plivo-signature-v2': signature };
      expect((await gateway.readReceipts?.({ ...request, headers }))?.kind).toBe('receipts');
      expect((await gateway.readReceipts?.({ ...request, url: `${RECEIPT_URL}x` }))?.kind).toBe('forged');
    });

    it.each([
      ['no id', 'Status=sent'],
      ['no status', `MessageUUID=${UUID}`],
    ])('and calls malformed what has %s', async (_name, body) => {
      expect(await gateway.readReceipts?.(text(body, 0))).toEqual({ kind: 'malformed' });
    });
  });
});
