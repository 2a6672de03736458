import { createHash, createHmac } from 'node:crypto';
import { aReceiptRequest, receiptsContract } from '../../../test/contracts/receipts.contract';
import { aMessage } from '../../testing/message';
import { gatewayTools, httpGatewayContract } from '../../../test/contracts/gateway.contract';
import { GatewayEmulator, type SeenRequest } from '../../testing/fakes/gateway-emulator';
import { UndiciHttpClient } from '../../common/outbound/http-client.service';
import type { SmsMessage, SmsOutcome, RejectReason } from '../gateway';
import type { ReceiptRequest, SmsReceipt } from '../receipt';
import twilio from './twilio';

const HEX = '0123456789abcdef0123456789abcdef';
const ACCOUNT = `AC${HEX}`;
const TOKEN = 'twilio-token-canary';
const settings = { accountSid: ACCOUNT, authToken: TOKEN, from: '+12015550123' };
const RECEIPT_URL = 'https://verify.example.com/v1/receipts/twilio/ticket';
const WHATSAPP = { whatsappFrom: '+12015550177', whatsappContentSid: `HX${HEX}` };
const secondsOf = ({ body }: SeenRequest) => Number(new URLSearchParams(body).get('ValidityPeriod'));

const error = (code: number) => ({ code, message: 'no', more_info: 'https://www.twilio.com', status: 400 });
type Row = readonly [string, number, object | string, SmsOutcome];
const refused = (status: number, reason: RejectReason, rows: Record<number, string> | number[]): Row[] =>
  (Array.isArray(rows) ? rows.map((code) => [code, reason] as const) : Object.entries(rows)).map(
    ([code, name]) => [
      `${code} ${name}`,
      status,
      { ...error(Number(code)), status },
      { outcome: 'rejected', reason, vendorCode: String(code) },
    ],
  );

const created = {
  ...{ account_sid: ACCOUNT, sid: `SM${HEX}`, status: 'queued', error_code: null },
  ...{ num_segments: '1', price: null, price_unit: 'USD', to: '+34600987123' },
};

describe('twilio', () => {
  httpGatewayContract({
    definition: twilio,
    settings: (baseUrl) => ({ ...settings, baseUrl }),
    secrets: [TOKEN, Buffer.from(`${ACCOUNT}:${TOKEN}`).toString('base64')],
    accepted: { status: 201, body: created, reference: `SM${HEX}` },
    number: '+34600987123',
    validity: {
      sms: { secondsIn: secondsOf },
      voice: { secondsIn: ({ body }) => Number(new URLSearchParams(body).get('Timeout')) },
      whatsapp: { secondsIn: secondsOf, settings: WHATSAPP },
    },
    numberIn: ({ body }) => new URLSearchParams(body).get('To'),
    channelSettings: { whatsapp: WHATSAPP },
    strange2xx: 'unknown',
    limits: [
      ['the queue of the sender', 'sms', 400, error(21611), 'sender'],
      ['what WhatsApp allows a number', 'whatsapp', 429, error(63018), 'sender'],
      ['the account', 'sms', 429, error(20429), 'account'],
      ['the account for a day', 'whatsapp', 429, error(63038), 'account'],
      ['messages to one person', 'sms', 400, error(14107), 'recipient'],
    ],
    errors: [
      ...refused(401, 'unauthorized', { 20003: 'wrong credentials', 20005: 'account not active' }),
      ...refused(400, 'unauthorized', { 10001: 'account not active' }),
      ...refused(400, 'invalid-number', {
        21202: 'premium number',
        21211: 'not a number',
        21217: 'not a number to call',
        21265: 'short code',
        21266: 'our own sender',
        21268: 'information service',
        21614: 'not a mobile number',
        21635: 'landline',
      }),
      ...refused(400, 'opted-out', { 21610: 'STOP' }),
      ...refused(400, 'blocked', { 30450: 'pumping protection' }),
      ...refused(400, 'content', {
        21602: 'no body',
        21605: 'body too long',
        21617: 'more than 1,600 characters',
        21618: 'body cannot be sent',
        21619: 'no body',
        21656: 'variables of the template',
        21658: 'variable too long',
      }),
      ...refused(429, 'rate-limited', { 20429: 'too many requests', 63038: 'daily limit' }),
      ...refused(400, 'rate-limited', { 14107: 'message rate', 21611: 'queue of the sender is full' }),
      // Whatever may be about the number, its country or its carrier; the last is not documented.
      ...refused(
        400,
        'refused',
        [
          21210, 21214, 21215, 21216, 21219, 21264, 21267, 21408, 21606, 21608, 21612, 21624, 21654, 21655,
          21657, 21659, 21703, 21705, 30029, 99999,
        ],
      ),
      ...refused(400, 'unavailable', [21212, 21603, 21609, 21660, 21661, 21701, 21704, 63007]),
      ...refused(404, 'unavailable', { 20404: 'no such account' }),
      ['20503 unavailable', 503, error(20503), { outcome: 'unknown', vendorCode: '503' }],
      ['20500 internal error', 500, error(20500), { outcome: 'unknown', vendorCode: '500' }],
      ['400 without a code', 400, '<html>', { outcome: 'rejected', reason: 'refused', vendorCode: '400' }],
      [
        'a failure with the status of a success',
        201,
        { ...created, status: 'failed', error_code: 21610 },
        { outcome: 'rejected', reason: 'opted-out', vendorCode: '21610' },
      ],
    ],
  });

  describe('builds the request', () => {
    let emulator: GatewayEmulator;
    const http = new UndiciHttpClient({ allowPrivate: true });
    beforeEach(async () => {
      emulator = await GatewayEmulator.start();
      emulator.answer(201, created);
    });
    afterEach(() => emulator.stop());
    afterAll(() => http.close());

    const gateway = (more: Record<string, string> = {}) =>
      twilio.create(
        twilio.config.parse({ ...settings, baseUrl: `${emulator.url}/`, ...more }),
        gatewayTools(http),
      );
    const send = (message: Partial<SmsMessage> = {}, more: Record<string, string> = {}) =>
      gateway(more).send(aMessage(message), AbortSignal.timeout(5_000));
    const sent = async (message: Partial<SmsMessage> = {}, more: Record<string, string> = {}) => {
      await send(message, more);
      return [...new URLSearchParams(emulator.lastRequest.body)];
    };

    it('of a text: form, Basic credentials, no callback where none can reach us', async () => {
      expect(await sent({ text: 'Su código: 483920 & más' })).toEqual([
        ['To', '+34600987123'],
        ['From', '+12015550123'],
        ['Body', 'Su código: 483920 & más'],
        ['ValidityPeriod', '600'],
      ]);
      const { path, headers } = emulator.lastRequest;
      expect(path).toBe(`/2010-04-01/Accounts/${ACCOUNT}/Messages.json`);
      expect(headers).toMatchObject({
        'content-type': 'application/x-www-form-urlencoded',
        authorization: `Basic ${Buffer.from(`${ACCOUNT}:${TOKEN}`).toString('base64')}`,
      });
    });

    it('with the receipt address as StatusCallback', async () => {
      expect(await sent({ receiptUrl: RECEIPT_URL })).toContainEqual(['StatusCallback', RECEIPT_URL]);
    });

    it.each([
      ['+12015550123', 'From'],
      ['12345', 'From'],
      ['Acme Bank', 'From'],
      ['MGAcme', 'From'],
      [`MG${HEX}`, 'MessagingServiceSid'],
    ])('with the sender %s as %s', async (from, field) => {
      expect((await sent({}, { from })).slice(1, 2)).toEqual([[field, from]]);
    });

    it('with an API key in place of the auth token, and without keeping the text', async () => {
      const more = { apiKeySid: `SK${HEX}`, apiKeySecret: 's', contentRetention: 'discard' };
      expect(await sent({}, more)).toContainEqual(['ContentRetention', 'discard']);
      const credentials = Buffer.from(`SK${HEX}:s`).toString('base64');
      expect(emulator.lastRequest.headers.authorization).toBe(`Basic ${credentials}`);
    });

    it('of a call: what is said as escaped TwiML, in the language of the text', async () => {
      const message = { channel: 'voice', locale: 'es-AR', text: 'Su "código" <4, 8> & más' } as const;
      expect(await sent({ ...message, receiptUrl: RECEIPT_URL })).toEqual([
        ['To', '+34600987123'],
        ['From', '+12015550123'],
        [
          'Twiml',
          '<Response><Say language="es-ES">Su &#34;código&#34; &#60;4, 8&#62; &#38; más</Say></Response>',
        ],
        ['Timeout', '60'],
        ['StatusCallbackEvent', 'answered'],
        ['StatusCallbackEvent', 'completed'],
        ['StatusCallback', RECEIPT_URL],
      ]);
      expect(emulator.lastRequest.path).toBe(`/2010-04-01/Accounts/${ACCOUNT}/Calls.json`);
    });

    it('of a call from its own number, where texts have a name', async () => {
      const fields = await sent({ channel: 'voice' }, { from: 'Acme', voiceFrom: '+12015550199' });
      expect(fields.slice(1, 2)).toEqual([['From', '+12015550199']]);
    });

    it('of a WhatsApp message: the template, with nothing but the code', async () => {
      expect(await sent({ channel: 'whatsapp', receiptUrl: RECEIPT_URL }, WHATSAPP)).toEqual([
        ['To', 'whatsapp:+34600987123'],
        ['From', 'whatsapp:+12015550177'],
        ['ContentSid', `HX${HEX}`],
        ['ContentVariables', '{"1":"483920"}'],
        ['ValidityPeriod', '600'],
        ['StatusCallback', RECEIPT_URL],
      ]);
    });

    it.each<[string, Partial<SmsMessage>, Record<string, string>]>([
      ['a call without a number to call from', { channel: 'voice' }, { from: 'Acme' }],
      ['a call in a language that no voice speaks', { channel: 'voice', locale: 'sw' }, {}],
      ['a WhatsApp message without a template', { channel: 'whatsapp' }, {}],
    ])('leaves %s to the next gateway', async (_name, message, more) => {
      const expected = { outcome: 'rejected', reason: 'content', vendorCode: 'not-configured' };
      expect(await send(message, more)).toEqual(expected);
      expect(emulator.requests).toHaveLength(0);
    });

    it.each([
      ['the parts', { num_segments: '2' }, { parts: 2 }],
      ['no parts while a messaging service has not chosen a sender', { num_segments: '0' }, {}],
      [
        'a price that is taken off',
        { price: '-0.00750' },
        { parts: 1, price: { micros: 7_500, currency: 'USD' } },
      ],
    ])('reads %s', async (_name, answer, expected) => {
      emulator.answer(201, { ...created, ...answer });
      expect(await send()).toEqual({ outcome: 'accepted', reference: created.sid, ...expected });
    });

    it('reads how long it wants to be left alone', async () => {
      emulator.answer(429, error(20429), { 'retry-after': '3' });
      expect(await send()).toMatchObject({ reason: 'rate-limited', retryAfterMs: 3_000 });
    });

    it('asks for the balance', async () => {
      emulator.answer(200, { account_sid: ACCOUNT, balance: '-12.5', currency: 'USD' });
      const signal = AbortSignal.timeout(5_000);
      expect(await gateway().balance?.(signal)).toEqual({ micros: -12_500_000, currency: 'USD' });
      expect(emulator.lastRequest.path).toBe(`/2010-04-01/Accounts/${ACCOUNT}/Balance.json`);
      emulator.answer(200, { balance: null });
      await expect(gateway().balance?.(signal)).rejects.toThrow('balance');
      emulator.answer(401, error(20003));
      await expect(gateway().balance?.(signal)).rejects.toThrow('401');
    });
  });

  it.each([
    ['a sender of digits only that is no short code', { from: '123456789' }],
    ['a sender of 12 letters', { from: 'ABCDEFGHIJKL' }],
    ['a sender without the plus', { from: '12015550123' }],
    ['an account SID that is none', { accountSid: 'AC1/../AC2' }],
    ['half an API key', { apiKeySid: `SK${HEX}` }],
    ['a WhatsApp sender without a template', { whatsappFrom: '+12015550177' }],
    ['a template without a WhatsApp sender', { whatsappContentSid: `HX${HEX}` }],
  ])('refuses %s', (_name, more) => {
    expect(twilio.config.safeParse({ ...settings, ...more }).success).toBe(false);
  });

  /** As the vendor documents it: address, then names and values, sorted. */
  const signatureOf = (address: string, form: URLSearchParams, token = TOKEN): string => {
    const fields = Object.entries(Object.fromEntries(form)).sort(([a], [b]) => (a < b ? -1 : 1));
    const text = address + fields.flat().join('');
    return createHmac('sha1', token).update(Buffer.from(text, 'utf8')).digest('base64');
  };
  const authentic = (body: string, now: number, signedUrl = RECEIPT_URL): ReceiptRequest => {
    const bytes = Buffer.from(body, 'utf8');
    const signature = signatureOf(signedUrl, new URLSearchParams(bytes.toString('utf8')));
    const headers = { 'x-twilio-signature': signature, 'content-type': 'application/x-www-form-urlencoded' };
    return aReceiptRequest({ url: RECEIPT_URL, headers, body: bytes, now });
  };
  const reference = `SM${HEX}`;
  const message = (status: string, more: Record<string, string> = {}) =>
    new URLSearchParams({
      ...{ ApiVersion: '2010-04-01', AccountSid: ACCOUNT, MessageSid: reference, SmsSid: reference },
      ...{ From: '+12015550123', To: '+34600987123', MessageStatus: status, SmsStatus: status, ...more },
    }).toString();
  const call = (status: string) =>
    new URLSearchParams({
      ...{ CallSid: `CA${HEX}`, AccountSid: ACCOUNT, From: '+12015550123', To: '+34600987123' },
      ...{ CallStatus: status, Direction: 'outbound-api', SequenceNumber: '0', Timestamp: 'now' },
    }).toString();
  const one = (receipt: SmsReceipt) => [receipt];
  const notDelivered = (code: string, reason: SmsReceipt['reason']) =>
    [
      `undelivered, ${code}`,
      message('undelivered', { ErrorCode: code }),
      one({ reference, state: 'undelivered', reason }),
    ] as const;

  receiptsContract({
    definition: twilio,
    settings,
    authentic,
    signature: 'covers-body',
    signatureNames: ['x-twilio-signature'],
    hasReplayWindow: false,
    examples: [
      [
        'delivered',
        message('delivered', { RawDlrDoneDate: '2606011200' }),
        one({ reference, state: 'delivered' }),
      ],
      ['read', message('read'), one({ reference, state: 'delivered' })],
      ...(['queued', 'accepted', 'scheduled'] as const).map(
        (word) => [word, message(word), one({ reference, state: 'accepted' })] as const,
      ),
      ...(['sending', 'sent'] as const).map(
        (word) => [word, message(word), one({ reference, state: 'sent' })] as const,
      ),
      ['partially delivered', message('partially_delivered'), one({ reference, state: 'unknown' })],
      ['canceled', message('canceled'), one({ reference, state: 'undelivered', reason: 'unknown' })],
      ['failed', message('failed'), one({ reference, state: 'undelivered', reason: 'unknown' })],
      ...['30001', '30002'].map((code) => notDelivered(code, 'unavailable')),
      notDelivered('30003', 'unreachable'),
      notDelivered('30004', 'blocked'),
      notDelivered('30005', 'invalid-number'),
      notDelivered('30006', 'unreachable'),
      notDelivered('30007', 'content'),
      notDelivered('30008', 'unknown'),
      notDelivered('30034', 'unavailable'),
      notDelivered('30036', 'expired'),
      notDelivered('30038', 'content'),
      notDelivered('30450', 'blocked'),
      notDelivered('21610', 'opted-out'),
      notDelivered('20429', 'unavailable'),
      notDelivered('63024', 'unreachable'),
      notDelivered('99999', 'unknown'),
      ['the reply of a person', message('received'), []],
      ...(['in-progress', 'completed'] as const).map(
        (word) => [`call ${word}`, call(word), one({ reference: `CA${HEX}`, state: 'delivered' })] as const,
      ),
      ['call ringing', call('ringing'), one({ reference: `CA${HEX}`, state: 'sent' })],
      ...(['busy', 'no-answer'] as const).map(
        (word) =>
          [
            `call ${word}`,
            call(word),
            one({ reference: `CA${HEX}`, state: 'undelivered', reason: 'unreachable' }),
          ] as const,
      ),
      [
        'call failed',
        call('failed'),
        one({ reference: `CA${HEX}`, state: 'undelivered', reason: 'unknown' }),
      ],
    ],
  });

  describe('as Twilio signs', () => {
    const gateway = twilio.create(
      twilio.config.parse(settings),
      gatewayTools({ request: () => Promise.reject(new Error('not called')) }),
    );
    const kindOf = async (request: ReceiptRequest) => (await gateway.readReceipts?.(request))?.kind;

    it('the example in the documentation of the vendor', async () => {
      const documented = twilio.create(
        twilio.config.parse({ ...settings, authToken: '12345' }),
        gatewayTools({ request: () => Promise.reject(new Error('not called')) }),
      );
      const form = {
        CallSid: 'CA1234567890ABCDE',
        Caller: '+12349013030',
        Digits: '1234',
        From: '+12349013030',
      };
      const body = Buffer.from(new URLSearchParams({ ...form, To: '+18005551212' }).toString());
      const headers = { 'x-twilio-signature': '0/KCTR6DLpKmkAf8muzZqo1nDgQ=' };
      const url = 'https://mycompany.com/myapp.php?foo=1&bar=2';
      expect((await documented.readReceipts?.(aReceiptRequest({ url, headers, body })))?.kind).toBe(
        'malformed',
      );
    });

    it.each(['https://verify.example.com:443/v1/receipts/twilio/ticket', RECEIPT_URL])(
      'the address as %s',
      async (address) => expect(await kindOf(authentic(message('sent'), 0, address))).toBe('receipts'),
    );

    // Catches: a signature over the body alone, which would hold at another delivery's address too.
    it('no other address', async () => {
      const request = authentic(message('sent'), 0);
      expect(await kindOf({ ...request, url: `${RECEIPT_URL}x` })).toBe('forged');
      expect(await kindOf({ ...request, url: RECEIPT_URL.replace('https', 'http') })).toBe('forged');
    });

    // Catches: a JSON body whose digest stands in the signed address but is not compared.
    it('JSON by its digest in the address', async () => {
      const body = Buffer.from(JSON.stringify({ MessageSid: reference, MessageStatus: 'delivered' }));
      const url = `${RECEIPT_URL}?bodySHA256=${createHash('sha256').update(body).digest('hex')}`;
      const headers = { 'x-twilio-signature': signatureOf(url, new URLSearchParams()) };
      const request = aReceiptRequest({ url, headers, body });
      const receipts = one({ reference, state: 'delivered' });
      expect(await gateway.readReceipts?.(request)).toEqual({ kind: 'receipts', receipts });
      const other = Buffer.from(body.toString().replace('delivered', 'failed'));
      expect(await kindOf({ ...request, body: other })).toBe('forged');
      const { searchParams: query } = new URL(`${RECEIPT_URL}?bodySHA256=`);
      expect(await kindOf({ ...request, url: RECEIPT_URL, query })).toBe('forged');
    });

    it.each([
      ['no id', 'MessageStatus=sent'],
      ['no status', `MessageSid=${reference}`],
      ['nothing', ''],
    ])('and is malformed with %s', async (_name, body) => {
      expect(await kindOf(authentic(body, 0))).toBe('malformed');
    });
  });
});
