import { createHash, createHmac } from 'node:crypto';
import { aReceiptRequest, receiptsContract } from '../../../test/contracts/receipts.contract';
import { aMessage } from '../../testing/message';
import { gatewayTools, httpGatewayContract } from '../../../test/contracts/gateway.contract';
import { GatewayEmulator } from '../../testing/fakes/gateway-emulator';
import { UndiciHttpClient } from '../../common/outbound/http-client.service';
import type { SmsMessage, SmsOutcome } from '../gateway';
import type { SmsReceipt } from '../receipt';
import meta from './meta';

/** As Meta makes them: 0x1c 0x18, the length and digits of the number, and then the id itself. */
const WAMID = `wamid.${Buffer.from('\x1c\x18\x0b34600987123\x15\x02\x00\x11\x18\x1277F0F4F798FE7D0317\x00', 'latin1').toString('base64')}`;
const REFERENCE = createHash('sha256').update(WAMID).digest('base64url');
const accepted = {
  messaging_product: 'whatsapp',
  contacts: [{ input: '+34600987123', wa_id: '34600987123' }],
  messages: [{ id: WAMID, message_status: 'accepted' }],
};
const basic = { phoneNumberId: '106540352242922', accessToken: 'meta-token-canary', template: 'otp_code' };

const rejected = (
  reason: Extract<SmsOutcome, { outcome: 'rejected' }>['reason'],
  vendorCode: string,
): SmsOutcome => ({ outcome: 'rejected', reason, vendorCode });
const error = (code: number | string) => ({
  error: {
    message: `(#${code}) Message undeliverable to 34600987123`,
    type: 'OAuthException',
    code,
    error_data: { messaging_product: 'whatsapp', details: 'cannot send 483920' },
    fbtrace_id: 'Az8or2yhqkZfEZ-_4Qn_Bam',
  },
});

describe('meta', () => {
  httpGatewayContract({
    definition: meta,
    settings: (baseUrl) => ({
      ...basic,
      appSecret: 'meta-app-canary',
      verifyToken: 'meta-verify-canary',
      baseUrl,
    }),
    secrets: ['meta-token-canary', 'meta-app-canary', 'meta-verify-canary'],
    accepted: { status: 200, body: accepted, reference: REFERENCE },
    number: '+34600987123',
    validity: {},
    numberIn: ({ body }) => JSON.parse(body).to,
    strange2xx: 'unknown',
    limits: [
      ['throughput of the number', 'whatsapp', 400, error(130429), 'sender'],
      ['spam of the number', 'whatsapp', 400, error(131048), 'sender'],
      ['calls of the app', 'whatsapp', 400, error(4), 'account'],
      ['the account', 'whatsapp', 400, error(80007), 'account'],
      ['messages to one person', 'whatsapp', 400, error(131056), 'recipient'],
    ],
    errors: [
      ['no valid token', 401, error(0), rejected('unauthorized', '0')],
      ['a token that has expired', 401, error(190), rejected('unauthorized', '190')],
      ['no capability', 500, error(3), { outcome: 'unknown', vendorCode: '3' }],
      ['no permission', 403, error(10), rejected('unauthorized', '10')],
      ['one of the permissions', 403, error(200), rejected('unauthorized', '200')],
      ['the last of the permissions', 403, error(299), rejected('unauthorized', '299')],
      ['blocked for policy', 403, error(368), rejected('unauthorized', '368')],
      ['access denied', 403, error(131005), rejected('unauthorized', '131005')],
      ['account locked', 403, error(131031), rejected('unauthorized', '131031')],
      ['payment', 400, error(131042), rejected('no-credit', '131042')],
      ['too many calls of the app', 400, error(4), rejected('rate-limited', '4')],
      ['too many calls of the account', 400, error(80007), rejected('rate-limited', '80007')],
      ['throughput', 400, error(130429), rejected('rate-limited', '130429')],
      ['spam', 400, error(131048), rejected('rate-limited', '131048')],
      ['too many messages to this one person', 400, error(131056), rejected('rate-limited', '131056')],
      ['temporarily down', 503, error(2), { outcome: 'unknown', vendorCode: '2' }],
      ['no such number of ours', 400, error(33), rejected('unavailable', '33')],
      ['a parameter', 400, error(100), rejected('refused', '100')],
      ['a country we may not write to', 403, error(130497), rejected('refused', '130497')],
      ['a parameter missing', 400, error(131008), rejected('refused', '131008')],
      ['a value', 400, error(131009), rejected('refused', '131009')],
      ['overloaded', 500, error(131016), { outcome: 'unknown', vendorCode: '131016' }],
      ['to ourselves', 400, error(131021), rejected('refused', '131021')],
      ['undeliverable, which says nothing of texts', 400, error(131026), rejected('refused', '131026')],
      ['part of an experiment', 400, error(130472), rejected('refused', '130472')],
      ['not on the list of a test number', 400, error(131030), rejected('refused', '131030')],
      ['a certificate', 500, error(131045), { outcome: 'unknown', vendorCode: '131045' }],
      ['outside of the 24 hours', 400, error(131047), rejected('refused', '131047')],
      ['a kind of message', 400, error(131051), rejected('unavailable', '131051')],
      ['maintenance', 500, error(131057), { outcome: 'unknown', vendorCode: '131057' }],
      ['number of parameters', 400, error(132000), rejected('refused', '132000')],
      ['no such template', 404, error(132001), rejected('refused', '132001')],
      ['template too long', 400, error(132005), rejected('refused', '132005')],
      ['template against policy', 400, error(132007), rejected('refused', '132007')],
      ['form of parameters', 400, error(132012), rejected('refused', '132012')],
      ['template paused', 400, error(132015), rejected('refused', '132015')],
      ['template disabled', 400, error(132016), rejected('refused', '132016')],
      ['server down', 503, error(133004), { outcome: 'unknown', vendorCode: '133004' }],
      ['number not registered', 400, error(133010), rejected('unavailable', '133010')],
      ['a generic error of use', 400, error(135000), rejected('refused', '135000')],
      ['an unknown error', 500, error(131000), { outcome: 'unknown', vendorCode: '500' }],
      ['a code nobody documents', 400, error(999999), rejected('refused', '400')],
      ['a code that is a word', 400, error('constructor'), rejected('refused', '400')],
      ['no id', 200, { ...accepted, messages: [] }, { outcome: 'unknown', vendorCode: '200' }],
    ],
  });

  describe('builds the request', () => {
    let emulator: GatewayEmulator;
    const http = new UndiciHttpClient({ allowPrivate: true });
    beforeEach(async () => {
      emulator = await GatewayEmulator.start();
      emulator.answer(200, accepted);
    });
    afterEach(() => emulator.stop());
    afterAll(() => http.close());

    const sent = async (message: Partial<SmsMessage> = {}, settings: Record<string, string> = {}) => {
      const config = meta.config.parse({ ...basic, baseUrl: `${emulator.url}/`, ...settings });
      const gateway = meta.create(config, gatewayTools(http));
      const outcome = await gateway.send(
        aMessage({ channel: 'whatsapp', ...message }),
        AbortSignal.timeout(5_000),
      );
      return { ...emulator.lastRequest, outcome, json: JSON.parse(emulator.lastRequest.body) };
    };

    it('sends the code twice in the template, and nothing of our text', async () => {
      const message = aMessage({ channel: 'whatsapp', text: 'a text of ours', locale: 'en' });
      const { method, path, headers, json } = await sent(message);
      expect({ method, path }).toEqual({ method: 'POST', path: '/v25.0/106540352242922/messages' });
      expect(headers).toMatchObject({ authorization: 'Bearer meta-token-canary' });
      const parameters = [{ type: 'text', text: message.code }];
      expect(json).toEqual({
        messaging_product: 'whatsapp',
        recipient_type: 'individual',
        to: message.to,
        type: 'template',
        template: {
          name: 'otp_code',
          language: { policy: 'deterministic', code: 'en' },
          components: [
            { type: 'body', parameters },
            { type: 'button', sub_type: 'url', index: '0', parameters },
          ],
        },
        biz_opaque_callback_data: message.clientReference,
      });
    });

    it.each([
      ['es', undefined, 'es'],
      ['es-MX', undefined, 'es_MX'],
      ['es-MX', 'en,es', 'es'],
      ['es-AR', 'en,es_MX', 'es_MX'],
      ['pt-BR', 'pt_PT,pt_BR', 'pt_BR'],
      ['ja', 'en_US,es', 'en_US'],
    ])('writes a text in %s with templates in %s in %s', async (locale, templateLanguages, expected) => {
      const { json } = await sent({ locale }, templateLanguages ? { templateLanguages } : {});
      expect(json.template.language.code).toBe(expected);
    });

    it('calls another version of the API when asked to', async () => {
      expect((await sent({}, { apiVersion: 'v26.0' })).path).toBe('/v26.0/106540352242922/messages');
    });

    // Catches: Meta's id handed on as it is: it outlives the number that it holds.
    it('keeps no id that holds the number', async () => {
      expect(Buffer.from(WAMID.slice('wamid.'.length), 'base64').toString('latin1')).toContain('34600987123');
      const { outcome } = await sent();
      expect(outcome).toEqual({ outcome: 'accepted', reference: REFERENCE });
    });
  });

  it.each([
    ['a number in place of its id', { phoneNumberId: '+34600987123' }],
    ['an id that would change the path', { phoneNumberId: '1/../2' }],
    ['a template that is none', { template: 'OTP Code' }],
    ['a version that is none', { apiVersion: '25' }],
    ['languages that are none', { templateLanguages: 'english!' }],
  ])('refuses %s', (_name, settings) => {
    expect(meta.config.safeParse({ ...basic, ...settings }).success).toBe(false);
  });

  it('carries WhatsApp alone', () => {
    expect(meta.channels).toEqual(['whatsapp']);
  });

  const clientReference = 'c'.repeat(44);
  const status = (state: string, more: object = {}) => ({
    id: WAMID,
    status: state,
    timestamp: '1780315200',
    recipient_id: '34600987123',
    biz_opaque_callback_data: clientReference,
    ...more,
  });
  const webhook = (...statuses: object[]) =>
    JSON.stringify({
      object: 'whatsapp_business_account',
      entry: [
        {
          id: '102290129340398',
          changes: [
            {
              value: {
                messaging_product: 'whatsapp',
                metadata: { display_phone_number: '15550783881', phone_number_id: '106540352242922' },
                statuses,
              },
              field: 'messages',
            },
          ],
        },
      ],
    });
  const about = { reference: REFERENCE, clientReference };
  const failed = (reason: SmsReceipt['reason']): SmsReceipt[] => [{ ...about, state: 'undelivered', reason }];
  const failure = (code: number) =>
    webhook(status('failed', { errors: [{ code, title: 'x', message: 'x' }] }));
  const APP_SECRET = 'meta-app-secret';
  const signed = (body: string, now: number) =>
    aReceiptRequest({
      body: Buffer.from(body),
      now,
      headers: {
        'content-type': 'application/json',
        'x-hub-signature-256': `sha256=${createHmac('sha256', APP_SECRET).update(body).digest('hex')}`,
      },
    });

  receiptsContract({
    definition: meta,
    settings: { ...basic, appSecret: APP_SECRET },
    authentic: (body, now) => signed(Buffer.from(body).toString(), now),
    signature: 'covers-body',
    signatureNames: ['x-hub-signature-256'],
    hasReplayWindow: false,
    examples: [
      [
        'sent, with a category of price but no price',
        webhook(
          status('sent', { pricing: { billable: true, pricing_model: 'PMP', category: 'authentication' } }),
        ),
        [{ ...about, state: 'sent' }],
      ],
      ['delivered', webhook(status('delivered')), [{ ...about, state: 'delivered' }]],
      ['read', webhook(status('read')), [{ ...about, state: 'delivered' }]],
      ['undeliverable', failure(131026), failed('unreachable')],
      ['opted out', failure(131050), failed('unreachable')],
      ['expired', failure(131043), failed('expired')],
      ['payment', failure(131042), failed('no-credit')],
      ['throughput', failure(130429), failed('unavailable')],
      ['account locked', failure(131031), failed('unavailable')],
      ['failed, not said why', webhook(status('failed')), failed('unknown')],
      ['failed by a code nobody documents', failure(1), failed('unknown')],
      [
        'several at once',
        webhook(status('sent'), status('delivered')),
        [
          { ...about, state: 'sent' },
          { ...about, state: 'delivered' },
        ],
      ],
      [
        'of a message that was not ours',
        webhook(status('sent', { biz_opaque_callback_data: undefined })),
        [{ reference: REFERENCE, state: 'sent' }],
      ],
      ['deleted', webhook(status('deleted')), []],
      ['a state that is no word', webhook(status('x', { status: {} }), { id: WAMID }), []],
      [
        'a message of a person',
        JSON.stringify({
          object: 'whatsapp_business_account',
          entry: [
            { id: '1', changes: [{ value: { messages: [{ from: '34600987123', text: { body: 'hi' } }] } }] },
          ],
        }),
        [],
      ],
    ],
  });

  describe('receipts', () => {
    const gateway = (settings: object = {}) =>
      meta.create(
        meta.config.parse({ ...basic, ...settings }),
        gatewayTools({ request: () => Promise.reject(new Error('not called')) }),
      );
    const ask = (query: string, settings: object = { appSecret: APP_SECRET, verifyToken: 'verify-1' }) =>
      gateway(settings).readReceipts?.(
        aReceiptRequest({
          method: 'GET',
          url: `https://verify.example.com/v1/receipts/meta/secret?${query}`,
        }),
      );

    // Catches: an app secret left out that leaves the signature out with it.
    it('are not read at all without an app secret', () => {
      expect(gateway().readReceipts).toBeUndefined();
    });

    it('begin with a question whether the address is ours', () => {
      expect(ask('hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=verify-1')).toEqual({
        kind: 'handshake',
        body: '1158201444',
      });
    });

    it.each([
      ['another token', 'hub.mode=subscribe&hub.challenge=1&hub.verify_token=verify-2'],
      ['no token', 'hub.mode=subscribe&hub.challenge=1'],
      ['an empty token', 'hub.mode=subscribe&hub.challenge=1&hub.verify_token='],
    ])('answer nobody with %s', (_name, query) => {
      expect(ask(query)).toEqual({ kind: 'forged' });
    });

    it('answer nobody when no token is set', () => {
      const settings = { appSecret: APP_SECRET };
      expect(ask('hub.mode=subscribe&hub.challenge=1&hub.verify_token=', settings)).toEqual({
        kind: 'forged',
      });
      expect(ask('hub.mode=subscribe&hub.challenge=1&hub.verify_token=undefined', settings)).toEqual({
        kind: 'forged',
      });
    });

    // Catches: a challenge that is sent back whatever it is.
    it.each(['<script>', '', 'a%0d%0ab', '1'.repeat(201)])('never send back %p', (challenge) => {
      const query = `hub.mode=subscribe&hub.verify_token=verify-1&hub.challenge=${challenge}`;
      expect(ask(query)).toEqual({ kind: 'malformed' });
    });

    it('are malformed without entries', () => {
      for (const body of ['{}', '[]', 'x', '{"entry":{}}']) {
        expect(gateway({ appSecret: APP_SECRET }).readReceipts?.(signed(body, 0))).toEqual({
          kind: 'malformed',
        });
      }
    });
  });
});
