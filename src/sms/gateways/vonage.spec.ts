import { createHash, generateKeyPairSync } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import { aReceiptRequest, receiptsContract } from '../../../test/contracts/receipts.contract';
import { aMessage } from '../../testing/message';
import { gatewayTools, httpGatewayContract } from '../../../test/contracts/gateway.contract';
import { UndiciHttpClient } from '../../common/outbound/http-client.service';
import { rejected } from '../../../test/builders/outcomes';
import { GatewayEmulator } from '../../testing/fakes/gateway-emulator';
import type { SmsMessage } from '../gateway';
import type { ReceiptRequest, UndeliveredReason } from '../receipt';
import vonage from './vonage';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
const applicationId = 'aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab';
const uuid = '11111111-2222-4333-8444-555555555555';
const receiptUrl = 'https://verify.example.com/v1/receipts/vonage/secret';
const CALLER = { voiceFrom: '+12015550101' };
const whatsapp = { whatsappFrom: '+12015550199', whatsappTemplate: 'sign_in' };
const base = { applicationId, privateKey: pem, from: '+12015550100' };

const words = { title: 'In words', detail: 'More words', instance: 'bf0ca0bf927b3b52e3cb03217e1a1ddf' };
const ERRORS = 'https://developer.vonage.com/api-errors/messages';
const problem = (code: string, more: object = {}) => ({ type: `${ERRORS}#${code}`, ...words, ...more });
const WRONG_TO = { invalid_parameters: [{ name: 'to', reason: 'not a valid number' }] };
const refusals = (reason: Parameters<typeof rejected>[0], codes: readonly number[]) =>
  codes.map((code) => [`error ${code}`, 422, problem(String(code)), rejected(reason, String(code))] as const);

describe('vonage', () => {
  httpGatewayContract({
    definition: vonage,
    settings: (baseUrl) => ({ ...base, baseUrl, signatureSecret: 'vonage-secret-canary' }),
    secrets: ['vonage-secret-canary', pem.slice(40, 90)],
    accepted: { status: 202, body: { message_uuid: uuid }, reference: uuid },
    number: '34600987123',
    validity: {
      sms: { secondsIn: ({ body }) => JSON.parse(body).ttl },
      voice: { secondsIn: ({ body }) => JSON.parse(body).ringing_timer, settings: CALLER },
    },
    numberIn: ({ body }) => JSON.parse(body).to,
    channelSettings: { whatsapp: whatsapp },
    strange2xx: 'unknown',
    limits: [
      ['throughput', 'sms', 429, problem('1000'), 'sender'],
      ['calls a second', 'voice', 429, {}, 'account'],
    ],
    errors: [
      ['wrong credentials', 401, problem('unauthorized'), rejected('unauthorized', '401')],
      ['no money', 402, problem('low-balance'), rejected('no-credit', '402')],
      ['account suspended', 403, problem('account-suspended'), rejected('unauthorized', '403')],
      ['too fast, as older documents have it', 429, problem('1010'), rejected('rate-limited', '1010')],
      ['no JSON', 422, problem('invalid-json'), rejected('refused', '422')],
      ...refusals('rate-limited', [1000, 1241, 1460, 1461, 1472]),
      ...refusals('unauthorized', [1060, 1080, 1140]),
      ...refusals('no-credit', [1070]),
      ...refusals('invalid-number', [1170, 1190, 1430]),
      ...refusals('blocked', [1050, 1240, 1470, 1473, 1474, 1475, 1483, 2001]),
      ...refusals('content', [1022, 1090, 1210, 1270, 1282, 1480, 1482]),
      ...refusals('refused', [1010, 1020, 1040, 1410, 1021, 1030, 1100, 1120, 1130, 1150, 1160, 1180]),
      ...refusals('refused', [1200, 1220, 1230, 1242, 1250, 1251, 1260, 1280, 1290, 1300, 1310, 1320]),
      ...refusals(
        'refused',
        [1330, 1331, 1340, 1360, 1380, 1400, 1420, 1431, 1440, 1450, 1451, 1476, 1481, 1484, 1490, 1999],
      ),
      ['a number that is no recipient', 422, problem('1020', WRONG_TO), rejected('invalid-number', '1020')],
      [
        'a number that cannot be called',
        400,
        { type: 'BAD_REQUEST', invalid_parameters: [{ name: 'to[0].number', reason: 'must be a number' }] },
        rejected('invalid-number', '400'),
      ],
      [
        'a mistake in something else',
        422,
        problem('1020', { invalid_parameters: [{ name: 'token', reason: 'x' }, 'y', null] }),
        rejected('refused', '1020'),
      ],
      ['an internal error', 500, problem('1030'), { outcome: 'unknown', vendorCode: '1030' }],
      ['not submitted', 500, problem('1100'), { outcome: 'unknown', vendorCode: '1100' }],
    ],
  });

  describe('builds the request', () => {
    let emulator: GatewayEmulator;
    const http = new UndiciHttpClient({ allowPrivate: true });
    beforeEach(async () => {
      emulator = await GatewayEmulator.start();
      emulator.answer(202, { message_uuid: uuid, uuid });
    });
    afterEach(() => emulator.stop());
    afterAll(() => http.close());

    const gatewayOf = (settings: Record<string, string> = {}) => {
      const config = vonage.config.parse({ ...base, baseUrl: `${emulator.url}/`, ...settings });
      return vonage.create(config, gatewayTools(http));
    };
    const send = (message: Partial<SmsMessage>, settings: Record<string, string> = {}) =>
      gatewayOf(settings).send(aMessage(message), AbortSignal.timeout(5_000));
    const sent = async (message: Partial<SmsMessage> = {}, settings: Record<string, string> = {}) => {
      await send(message, settings);
      const { method, path, headers, body } = emulator.lastRequest;
      return { method, path, headers, json: JSON.parse(body) as Record<string, unknown> };
    };

    it('posts a text with our reference', async () => {
      const message = aMessage();
      const { method, path, json } = await sent(message);
      expect({ method, path }).toEqual({ method: 'POST', path: '/v1/messages' });
      expect(json).toEqual({
        channel: 'sms',
        message_type: 'text',
        to: '34600987123',
        from: '12015550100',
        text: message.text,
        client_ref: message.clientReference,
        ttl: 600,
      });
    });

    it('names the receipt address, and the form of receipts, where there is one', async () => {
      const { json } = await sent({ receiptUrl });
      expect(json).toMatchObject({ webhook_url: receiptUrl, webhook_version: 'v1' });
    });

    it.each(['SIXDIGIT', 'My Shop', '72345'])('sends from %s', async (from) => {
      expect((await sent({}, { from })).json['from']).toBe(from);
    });

    it('signs with the key of the application, once for many calls', async () => {
      const gateway = gatewayOf({ privateKey: pem.replaceAll('\n', '\\n') });
      await gateway.send(aMessage(), AbortSignal.timeout(5_000));
      await gateway.send(aMessage(), AbortSignal.timeout(5_000));
      const tokens = emulator.requests.map(
        ({ headers }) => headers.authorization?.replace('Bearer ', '') ?? '',
      );
      const { payload } = await jwtVerify(tokens[0] ?? '', publicKey, { algorithms: ['RS256'] });
      expect(payload).toMatchObject({ application_id: applicationId, jti: expect.any(String) });
      expect(tokens[1]).toBe(tokens[0]);
    });

    it('signs anew after a token was not believed', async () => {
      const gateway = gatewayOf();
      emulator.answer(401, problem('jwt-expired'));
      await gateway.send(aMessage(), AbortSignal.timeout(5_000));
      await gateway.send(aMessage(), AbortSignal.timeout(5_000));
      const [first, second] = emulator.requests.map(({ headers }) => headers.authorization);
      expect(second).not.toBe(first);
    });

    it('calls and lets the text be spoken once, as it says the code twice itself', async () => {
      const { path, json } = await sent({
        channel: 'voice',
        text: 'Your code: 4, 8.',
        locale: 'es',
        receiptUrl,
      });
      expect({ path, json }).toEqual({
        path: '/v1/calls',
        json: {
          to: [{ type: 'phone', number: '34600987123' }],
          from: { type: 'phone', number: '12015550100' },
          ringing_timer: 60,
          ncco: [{ action: 'talk', text: 'Your code: 4, 8.', language: 'es-ES', loop: 1 }],
          event_url: [receiptUrl],
          event_method: 'POST',
        },
      });
    });

    it('calls from a number of its own, reporting to nobody where there is no address', async () => {
      const { json } = await sent({ channel: 'voice' }, { from: 'SIXDIGIT', voiceFrom: '+12015550101' });
      expect(json['from']).toEqual({ type: 'phone', number: '12015550101' });
      expect(json).not.toHaveProperty('event_url');
    });

    it.each([
      ['zh', 'cmn-CN'],
      ['zh-TW', 'cmn-TW'],
      ['ar', 'ar'],
      ['de-CH', 'de-DE'],
    ])('speaks %s as %s', async (locale, language) => {
      const { json } = await sent({ channel: 'voice', locale });
      expect(json['ncco']).toMatchObject([{ language }]);
    });

    it('refers to a call by its id', async () => {
      emulator.answer(201, { uuid, status: 'started', conversation_uuid: `CON-${uuid}` });
      expect(await send({ channel: 'voice' })).toEqual({ outcome: 'accepted', reference: uuid });
    });

    it('fills the code into the authentication template, in the words of WhatsApp', async () => {
      const message = aMessage({ channel: 'whatsapp', locale: 'pt-BR' });
      const { path, json } = await sent(message, whatsapp);
      const parameters = [{ type: 'text', text: '483920' }];
      expect({ path, json }).toEqual({
        path: '/v1/messages',
        json: {
          channel: 'whatsapp',
          message_type: 'custom',
          to: '34600987123',
          from: '12015550199',
          client_ref: message.clientReference,
          custom: {
            type: 'template',
            template: {
              name: 'sign_in',
              language: { policy: 'deterministic', code: 'pt_BR' },
              components: [
                { type: 'body', parameters },
                { type: 'button', sub_type: 'url', index: '0', parameters },
              ],
            },
          },
        },
      });
    });

    it('takes a language that the template was approved in', async () => {
      const approved = { ...whatsapp, whatsappLanguages: 'en,es' };
      const { json } = await sent({ channel: 'whatsapp', locale: 'fr' }, approved);
      expect(json).toMatchObject({ custom: { template: { language: { code: 'en' } } } });
    });

    it.each<[string, Partial<SmsMessage>, Record<string, string>]>([
      ['WhatsApp without a template', { channel: 'whatsapp' }, {}],
      ['a call without a number to call from', { channel: 'voice' }, { from: 'SIXDIGIT' }],
      ['a call in a language that no voice speaks', { channel: 'voice', locale: 'sw' }, {}],
    ])('calls nobody for %s', async (_name, message, settings) => {
      expect(await send(message, settings)).toEqual(rejected('content', 'not-configured'));
      expect(emulator.requests).toHaveLength(0);
    });
  });

  it.each([
    ['a private key that is none', { privateKey: 'not a key' }, 'privateKey'],
    ['an application id that is none', { applicationId: 'my app' }, 'applicationId'],
    ['a sender of 12 letters', { from: 'ABCDEFGHIJKL' }, 'from'],
    ['a calling name', { voiceFrom: 'SIXDIGIT' }, 'voiceFrom'],
  ])('refuses %s', (_name, settings, key) => {
    expect(vonage.config.safeParse({ ...base, ...settings }).error?.issues[0]?.path).toEqual([key]);
  });
});

describe('vonage', () => {
  const secret = 'a-signature-secret-of-32-characters';
  const settings = { ...base, signatureSecret: secret, apiKey: 'abcd1234' };
  /** As the vendor signs: HS256, the digest of the body among the claims. */
  const signed = async (body: string, now: number, more: object = {}): Promise<ReceiptRequest> => {
    const payload_hash = createHash('sha256').update(body).digest('hex');
    const claims = { api_key: 'abcd1234', application_id: applicationId, jti: uuid, payload_hash };
    const token = await new SignJWT({ iss: 'Vonage', iat: Math.floor(now / 1_000), ...claims, ...more })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .sign(Buffer.from(secret));
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    return aReceiptRequest({ headers, body: Buffer.from(body), now });
  };
  const clientReference = 'c'.repeat(44);
  const status = (more: object) =>
    JSON.stringify({
      message_uuid: uuid,
      to: '34600987123',
      from: 'SIXDIGIT',
      timestamp: '2026-06-01T12:00:00.000Z',
      channel: 'sms',
      client_ref: clientReference,
      ...more,
    });
  const failed = (code: number, more: object = {}) =>
    status({ status: 'rejected', error: { ...problem(String(code)), title: String(code) }, ...more });
  const event = (more: object) =>
    JSON.stringify({
      from: '12015550100',
      to: '34600987123',
      uuid,
      conversation_uuid: `CON-${uuid}`,
      direction: 'outbound',
      timestamp: '2026-06-01T12:00:00.000Z',
      ...more,
    });
  const usage = { currency: 'EUR', price: '0.0666' };
  const price = { micros: 66_600, currency: 'EUR' };
  const of = { clientReference, reference: uuid };

  receiptsContract({
    definition: vonage,
    settings,
    authentic: signed,
    signature: 'covers-body',
    signatureNames: ['authorization'],
    unsigned: 'retry',
    hasReplayWindow: true,
    examples: [
      [
        'a text of two parts, submitted',
        status({
          status: 'submitted',
          usage,
          sms: { count_total: '2' },
          destination: { network_code: '21407' },
        }),
        [{ ...of, state: 'sent', parts: 2, price }],
      ],
      ['a text that arrived', status({ status: 'delivered' }), [{ ...of, state: 'delivered' }]],
      [
        'an operator that was not reached',
        status({ status: 'undeliverable' }),
        [{ ...of, state: 'undelivered', reason: 'unavailable' }],
      ],
      ...reasons('invalid-number', [1170, 1190, 1430]),
      ...reasons('blocked', [1050, 1240, 1470, 1473, 1474, 1475, 1483, 2001]),
      ...reasons('content', [1210, 1270, 1282, 1480, 1482]),
      ...reasons('unreachable', [1180, 1200, 1220, 1260, 1280, 1290, 1300, 1310]),
      ...reasons('expired', [1360]),
      ...reasons('no-credit', [1070]),
      ...reasons('unknown', [1320, 1330]),
      ...reasons(
        'unavailable',
        [1000, 1060, 1120, 1230, 1241, 1250, 1251, 1331, 1420, 1460, 1472, 1481, 1999],
      ),
      ['parts that nobody reported on', failed(1490, { usage }), [{ ...of, state: 'unknown', price }]],
      [
        'a WhatsApp message that was read, billed elsewhere',
        status({ status: 'read', channel: 'whatsapp', usage: { currency: 'EUR', price: '0' } }),
        [{ ...of, state: 'delivered' }],
      ],
      ['a call that begins', event({ status: 'started' }), [{ reference: uuid, state: 'accepted' }]],
      ['a call that rings', event({ status: 'ringing' }), [{ reference: uuid, state: 'sent' }]],
      ['a call that is answered', event({ status: 'answered' }), [{ reference: uuid, state: 'delivered' }]],
      [
        'a call that is over',
        event({ status: 'completed', duration: '12', rate: '0.0390', price: '0.0078', network: '21407' }),
        [{ reference: uuid, state: 'delivered', price: { micros: 7_800, currency: 'EUR' } }],
      ],
      ...['busy', 'cancelled', 'timeout', 'unanswered'].map((word) => call(word, 'unreachable')),
      ...['failed', 'rejected'].map((word) => call(word, 'unavailable')),
      call('failed', 'invalid-number', 'invalid_number'),
      call('rejected', 'unreachable', 'declined'),
      call('unanswered', 'unavailable', 'carrier_timeout'),
      call('failed', 'unavailable', 'something_new'),
      ['a reply of a person', status({ text: 'STOP' }), []],
      ['keys pressed in a call', event({ dtmf: { digits: '1' }, status: 'input' }), []],
    ],
  });

  function reasons(reason: UndeliveredReason, codes: readonly number[]) {
    return codes.map(
      (code) => [`error ${code}`, failed(code), [{ ...of, state: 'undelivered' as const, reason }]] as const,
    );
  }
  function call(word: string, reason: UndeliveredReason, detail?: string) {
    const receipt = { reference: uuid, state: 'undelivered' as const, reason };
    return [
      `a call that is ${word}, ${detail ?? 'without detail'}`,
      event({ status: word, detail }),
      [receipt],
    ] as const;
  }

  describe('receipts', () => {
    const http = new UndiciHttpClient({ allowPrivate: true });
    afterAll(() => http.close());
    const read = (request: ReceiptRequest, more: Record<string, string> = settings) =>
      vonage.create(vonage.config.parse(more), gatewayTools(http)).readReceipts?.(request);
    const body = status({ status: 'delivered' });
    const now = Date.UTC(2026, 5, 1, 12);

    // Catches: a token that is believed although it says nothing of this body, this account or this hour.
    it.each([
      ['for another account', { api_key: 'other123' }],
      ['without a digest of the body', { payload_hash: undefined }],
      ['with the digest of another body', { payload_hash: createHash('sha256').update('{}').digest('hex') }],
      ['without a time', { iat: undefined }],
      ['from six minutes ago', { iat: now / 1_000 - 360 }],
      ['that is over', { exp: now / 1_000 - 360 }],
    ])('are forged when the token is one %s', async (_name, claims) => {
      expect(await read(await signed(body, now, claims))).toEqual({ kind: 'forged' });
    });

    it('are forged when the token names another algorithm', async () => {
      const { headers, ...request } = await signed(body, now);
      const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${headers['authorization']?.split('.')[1]}.`;
      expect(await read({ ...request, headers: { authorization: `Bearer ${none}` } })).toEqual({
        kind: 'forged',
      });
    });

    it('need no account and no signature where the settings name none', async () => {
      const request = await signed(body, now, { api_key: 'other123' });
      expect(await read(request, { ...base, signatureSecret: secret })).toMatchObject({ kind: 'receipts' });
      expect(await read({ ...request, headers: {} }, base)).toMatchObject({ kind: 'receipts' });
    });

    it.each(['', '[]', '{}', '{"status":"delivered"}', '{"message_uuid":{}}'])(
      'are malformed when they are %p',
      async (text) => {
        expect(await read(await signed(text, now))).toEqual({ kind: 'malformed' });
      },
    );
  });
});
