import { aReceiptRequest, receiptsContract } from '../../../test/contracts/receipts.contract';
import { aMessage } from '../../testing/message';
import { gatewayTools, httpGatewayContract } from '../../../test/contracts/gateway.contract';
import { UndiciHttpClient } from '../../common/outbound/http-client.service';
import { GatewayEmulator } from '../../testing/fakes/gateway-emulator';
import type { SmsMessage, SmsOutcome } from '../gateway';
import labsmobile, { subidOf } from './labsmobile';

const rejected = (
  reason: Extract<SmsOutcome, { outcome: 'rejected' }>['reason'],
  vendorCode: string,
): SmsOutcome => ({
  outcome: 'rejected',
  reason,
  vendorCode,
});

describe('labsmobile', () => {
  httpGatewayContract({
    definition: labsmobile,
    settings: (baseUrl) => ({ username: 'owner@example.org', token: 'labs-token-canary', baseUrl }),
    secrets: [
      'labs-token-canary',
      'owner@example.org',
      Buffer.from('owner@example.org:labs-token-canary').toString('base64'),
    ],
    accepted: {
      status: 200,
      body: { code: '0', message: 'Message has been successfully sent', subid: '65f33a88ceb3d' },
      reference: '65f33a88ceb3d',
    },
    number: '34600987123',
    validity: {},
    numberIn: ({ body }) => JSON.parse(body).recipient[0].msisdn,
    strange2xx: 'unknown',
    errors: [
      ['code as number', 200, { code: 35 }, rejected('no-credit', '35')],
      ['data missing', 400, { code: '10' }, rejected('refused', '10')],
      ['data malformed', 400, { code: '11' }, rejected('refused', '11')],
      ['message missing', 400, { code: '20' }, rejected('content', '20')],
      ['message empty', 400, { code: '21' }, rejected('content', '21')],
      ['no recipients', 400, { code: '23' }, rejected('invalid-number', '23')],
      ['too many recipients', 400, { code: '24' }, rejected('unavailable', '24')],
      ['character outside the alphabet', 400, { code: '27' }, rejected('content', '27')],
      ['subid too long', 400, { code: '28' }, rejected('unavailable', '28')],
      ['error while sending', 500, { code: '30' }, { outcome: 'unknown', vendorCode: '30' }],
      ['error while sending, with status 200', 200, { code: 30 }, { outcome: 'unknown', vendorCode: '30' }],
      ['no credit, with status 200', 200, { code: '35', subid: 'x' }, rejected('no-credit', '35')],
      ['scheduled time malformed', 400, { code: '39' }, rejected('unavailable', '39')],
      ['a code nobody documents', 200, { code: '77' }, rejected('refused', '77')],
      ['wrong credentials', 401, { code: '401', message: 'Unauthorized' }, rejected('unauthorized', '401')],
      ['wrong credentials, no code', 401, 'Unauthorized', rejected('unauthorized', '401')],
      ['forbidden, whatever is', 403, '', rejected('refused', '403')],
      ['success code with an error status', 500, { code: '0' }, { outcome: 'unknown', vendorCode: '500' }],
      ['bad request without a code', 400, '<html>', rejected('refused', '400')],
    ],
  });

  describe('builds the request', () => {
    let emulator: GatewayEmulator;
    const http = new UndiciHttpClient({ allowPrivate: true });
    beforeEach(async () => {
      emulator = await GatewayEmulator.start();
      emulator.answer(200, { code: '0', subid: 'x' });
    });
    afterEach(() => emulator.stop());
    afterAll(() => http.close());

    const sent = async (message: Partial<SmsMessage> = {}, settings: Record<string, string> = {}) => {
      const config = labsmobile.config.parse({
        username: 'u',
        token: 't',
        baseUrl: `${emulator.url}/`,
        ...settings,
      });
      const gateway = labsmobile.create(config, gatewayTools(http));
      await gateway.send(aMessage(message), AbortSignal.timeout(5_000));
      return {
        ...emulator.lastRequest,
        json: JSON.parse(emulator.lastRequest.body) as Record<string, unknown>,
      };
    };

    it('posts to /json/send with Basic credentials', async () => {
      const { method, path, headers } = await sent();
      expect({ method, path }).toEqual({ method: 'POST', path: '/json/send' });
      expect(headers.authorization).toBe(`Basic ${Buffer.from('u:t').toString('base64')}`);
    });

    // A resend repeats the same text within the hour, which the vendor would silently drop.
    it('always switches the duplicate filter off', async () => {
      expect((await sent()).json).toMatchObject({ nofilter: '1' });
    });

    it('sends a short GSM text without ucs2, long, test or sender', async () => {
      const { json } = await sent();
      expect(Object.keys(json).sort()).toEqual(['message', 'nofilter', 'recipient', 'subid']);
    });

    it.each([
      ['a text outside the GSM alphabet', 'código 483920', { ucs2: '1' }],
      ['161 GSM characters', 'a'.repeat(161), { long: '1' }],
      ['81 characters of two septets', '€'.repeat(81), { long: '1' }],
    ])('marks %s', async (_name, text, expected) => {
      expect((await sent({ text })).json).toMatchObject(expected);
    });

    it('does not mark 160 GSM characters as long', async () => {
      expect((await sent({ text: 'a'.repeat(160) })).json).not.toHaveProperty('long');
    });

    it('simulates when asked to, with the configured sender', async () => {
      expect((await sent({}, { test: 'true', from: 'SIXDIGIT' })).json).toMatchObject({
        test: '1',
        tpoa: 'SIXDIGIT',
      });
    });

    it('uses a subid of 20 hexadecimal characters that the delivery id alone decides', async () => {
      const id = '_-abcdefghijklmnopqrst';
      const { json } = await sent({ id });
      expect(json['subid']).toMatch(/^[0-9a-f]{20}$/);
      expect(json['subid']).toBe(subidOf(id));
      expect(subidOf('_-abcdefghijklmnopqrst')).not.toBe(subidOf('_-abcdefghijk0mnopqrst'));
    });
  });

  it('asks for a receipt only where one can reach us', async () => {
    const emulator = await GatewayEmulator.start();
    const http = new UndiciHttpClient({ allowPrivate: true });
    const gateway = labsmobile.create(
      labsmobile.config.parse({ username: 'u', token: 't', baseUrl: emulator.url }),
      gatewayTools(http),
    );
    const receiptUrl = 'https://verify.example.com/v1/receipts/labsmobile/ticket';
    await gateway.send(aMessage({ receiptUrl }), AbortSignal.timeout(5_000));
    expect(JSON.parse(emulator.lastRequest.body)).toMatchObject({ ackurl: receiptUrl });
    await gateway.send(aMessage({ receiptUrl: null }), AbortSignal.timeout(5_000));
    expect(JSON.parse(emulator.lastRequest.body)).not.toHaveProperty('ackurl');
    await http.close();
    await emulator.stop();
  });

  const ack = (level: string, status: string, desc: string) =>
    `subid=65f33a88ceb3d&msisdn=34600987123&acklevel=${level}&status=${status}&desc=${desc}` +
    '&timestamp=2026-06-01%2012%3A00%3A00';
  const reference = '65f33a88ceb3d';
  receiptsContract({
    definition: labsmobile,
    settings: { username: 'u', token: 't' },
    authentic: (query, now) =>
      aReceiptRequest({
        method: 'GET',
        url: `https://verify.example.com/v1/receipts/labsmobile/secret?${encodeURI(Buffer.from(query).toString())}`,
        now,
      }),
    signature: 'none',
    signatureNames: [],
    hasReplayWindow: false,
    examples: [
      ['on the handset', ack('handset', 'ok', 'DELIVRD'), [{ reference, state: 'delivered' }]],
      ['read', ack('handset', 'ok', 'READ'), [{ reference, state: 'delivered' }]],
      ['at the gateway', ack('gateway', 'ok', ''), [{ reference, state: 'accepted' }]],
      ['at the operator', ack('operator', 'ok', ''), [{ reference, state: 'sent' }]],
      ['expired', ack('handset', 'ko', 'EXPIRED'), [{ reference, state: 'undelivered', reason: 'expired' }]],
      [
        'rejected by the operator',
        ack('operator', 'ko', 'REJECTD'),
        [{ reference, state: 'undelivered', reason: 'unavailable' }],
      ],
      [
        'undeliverable',
        ack('handset', 'ko', 'UNDELIV'),
        [{ reference, state: 'undelivered', reason: 'unreachable' }],
      ],
      [
        'blocked, as an error',
        ack('error', 'ko', 'blocked'),
        [{ reference, state: 'undelivered', reason: 'blocked' }],
      ],
      [
        'not known why',
        ack('error', 'ok', 'UNKNOWN'),
        [{ reference, state: 'undelivered', reason: 'unknown' }],
      ],
    ],
  });

  it.each([
    ['without a subid', 'acklevel=handset&status=ok'],
    ['with an empty subid', 'subid=&acklevel=handset&status=ok'],
    ['without a level', 'subid=x&status=ok'],
    ['without a status', 'subid=x&acklevel=handset'],
  ])('calls a receipt %s malformed', async (_name, query) => {
    const url = `https://verify.example.com/v1/receipts/labsmobile/secret?${query}`;
    const gateway = labsmobile.create(
      labsmobile.config.parse({ username: 'u', token: 't' }),
      gatewayTools({ request: () => Promise.reject(new Error('not called')) }),
    );
    expect(await gateway.readReceipts?.(aReceiptRequest({ method: 'GET', url }))).toEqual({
      kind: 'malformed',
    });
  });

  describe('tells of the account', () => {
    let emulator: GatewayEmulator;
    const http = new UndiciHttpClient({ allowPrivate: true });
    beforeEach(async () => {
      emulator = await GatewayEmulator.start();
    });
    afterEach(() => emulator.stop());
    afterAll(() => http.close());
    const gateway = () =>
      labsmobile.create(
        labsmobile.config.parse({ username: 'u', token: 't', baseUrl: emulator.url }),
        gatewayTools(http),
      );
    const signal = AbortSignal.timeout(20_000);

    it('its balance, in credits', async () => {
      emulator.answer(200, { code: 0, credits: '1482.35' });
      expect(await gateway().balance?.(signal)).toEqual({ micros: 1_482_350_000, currency: 'CREDITS' });
      expect(emulator.lastRequest).toMatchObject({ method: 'GET', path: '/json/balance' });
    });

    it('its prices of one part, by country', async () => {
      emulator.answer(200, {
        ES: { isocode: 'ES', prefix: '34', name: 'Spain', credits: 1 },
        CO: { isocode: 'CO', prefix: '57', name: 'Colombia', credits: '0.0345' },
        XX: { isocode: 'XX', credits: 'free' },
        total: 3,
      });
      expect(await gateway().prices?.(signal)).toEqual([
        { country: 'ES', channel: 'sms', price: { micros: 1_000_000, currency: 'CREDITS' } },
        { country: 'CO', channel: 'sms', price: { micros: 34_500, currency: 'CREDITS' } },
      ]);
      expect(emulator.lastRequest).toMatchObject({
        method: 'POST',
        path: '/json/prices',
        body: '{"format":"JSON"}',
      });
    });

    it.each([
      ['refuses', 401, { code: 401, message: 'token-canary' }],
      ['answers with an error inside a 200', 200, { code: 35, message: 'token-canary' }],
      ['answers with HTML', 200, '<html>token-canary</html>'],
      ['answers without the figures', 200, { code: 0, message: 'token-canary' }],
    ])('nothing, and quotes nothing, when the vendor %s', async (_name, status, body) => {
      emulator.answer(status, body);
      for (const asked of [gateway().balance?.(signal), gateway().prices?.(signal)]) {
        await expect(asked).rejects.toThrow(/^the gateway (answered|did not tell)/);
      }
    });
  });

  it.each([
    ['12 letters', 'ABCDEFGHIJKL'],
    ['15 digits', '123456789012345'],
    ['signs', 'MY-APP'],
  ])('refuses a sender of %s', (_name, from) => {
    expect(labsmobile.config.safeParse({ username: 'u', token: 't', from }).success).toBe(false);
  });
});
