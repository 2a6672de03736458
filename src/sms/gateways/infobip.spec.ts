import { aReceiptRequest, receiptsContract } from '../../../test/contracts/receipts.contract';
import { aMessage } from '../../testing/message';
import { gatewayTools, httpGatewayContract } from '../../../test/contracts/gateway.contract';
import { UndiciHttpClient } from '../../common/outbound/http-client.service';
import { rejected } from '../../../test/builders/outcomes';
import { GatewayEmulator } from '../../testing/fakes/gateway-emulator';
import type { SmsMessage } from '../gateway';
import type { SmsReceipt, UndeliveredReason } from '../receipt';
import infobip from './infobip';

const base = { apiKey: 'infobip-key-canary', from: 'SIXDIGIT', baseUrl: 'abc123.api.infobip.com' };
const whatsapp = { whatsappFrom: '+12015550199', whatsappTemplate: 'sign_in' };
const receiptUrl = 'https://verify.example.com/v1/receipts/infobip/secret';

const groups = { ACCEPTED: 0, PENDING: 1, UNDELIVERABLE: 2, DELIVERED: 3, EXPIRED: 4, REJECTED: 5 };
type Group = keyof typeof groups;
const status = (groupName: Group, name: string, id = 7) => ({
  groupId: groups[groupName],
  groupName,
  id,
  name,
  description: 'In words',
});
const answerOf = (groupName: Group, name: string, more: object = {}) => ({
  bulkId: 'a28dd97c-2222-4fcf-99f1-0b557ed381da',
  messages: [{ messageId: 'vendor-1', status: status(groupName, name), destination: '34600987123', ...more }],
});
const refusals = (
  reason: Parameters<typeof rejected>[0],
  names: readonly string[],
  group: Group = 'REJECTED',
) => names.map((name) => [name, 200, answerOf(group, name), rejected(reason, name)] as const);

describe('infobip', () => {
  httpGatewayContract({
    definition: infobip,
    settings: (baseUrl) => ({ ...base, baseUrl }),
    secrets: ['infobip-key-canary'],
    accepted: { status: 200, body: answerOf('PENDING', 'PENDING_ACCEPTED'), reference: 'vendor-1' },
    number: '34600987123',
    validity: {
      sms: { secondsIn: ({ body }) => JSON.parse(body).messages[0].options.validityPeriod.amount },
      voice: {
        secondsIn: ({ body }) => JSON.parse(body).messages[0].validityPeriod * 60,
        settings: { voiceFrom: '+12015550101' },
      },
    },
    numberIn: ({ body }) => JSON.parse(body).messages[0].destinations[0].to,
    channelSettings: { whatsapp: whatsapp },
    strange2xx: 'unknown',
    errors: [
      ...refusals('refused', ['REJECTED_NETWORK', 'REJECTED_SOURCE', 'REJECTED_SENDER']),
      ...refusals('refused', ['REJECTED_ROUTE_NOT_AVAILABLE', 'REJECTED_DESTINATION_NOT_REGISTERED']),
      ...refusals('unavailable', ['REJECTED_SYSTEM_ERROR']),
      ...refusals('refused', ['REJECTED_INVALID_UDH', 'REJECTED_SOMETHING_NEW']),
      ...refusals('invalid-number', ['REJECTED_PREFIX_MISSING', 'REJECTED_INVALID_DESTINATION']),
      ...refusals('blocked', ['REJECTED_DND', 'REJECTED_DESTINATION', 'SIGNALS_BLOCKED']),
      ...refusals('no-credit', ['REJECTED_NOT_ENOUGH_CREDITS', 'REJECTED_PREPAID_PACKAGE_EXPIRED']),
      ...refusals('content', ['REJECTED_MESSAGE_TOO_LONG', 'REJECTED_FLOODING_FILTER']),
      ...refusals('refused', ['UNDELIVERABLE_REJECTED_OPERATOR'], 'UNDELIVERABLE'),
      ...refusals('refused', ['EXPIRED_EXPIRED'], 'EXPIRED'),
      [
        'a status nobody documents',
        200,
        { messages: [{ status: { name: 'X_1', groupName: 'Y_1' } }] },
        { outcome: 'unknown', vendorCode: 'X_1' },
      ],
      ['no status', 200, { messages: [{ messageId: 'x' }] }, { outcome: 'unknown', vendorCode: 'status' }],
      ['no messages', 200, { messages: [] }, { outcome: 'unknown', vendorCode: '200' }],
      [
        'bad request',
        400,
        { errorCode: 'E400', description: 'x', violations: [], resources: [] },
        rejected('refused', 'E400'),
      ],
      [
        'a number that is none',
        400,
        {
          errorCode: 'E400',
          violations: [{ property: 'messages[0].destinations[0].to', violation: 'must match' }],
        },
        rejected('invalid-number', 'E400'),
      ],
      [
        'a number that is none, in the words of the older APIs',
        400,
        {
          requestError: {
            serviceException: {
              messageId: 'BAD_REQUEST',
              text: 'Bad Request',
              validationErrors: { 'messages[0].to': ['must match'] },
            },
          },
        },
        rejected('invalid-number', 'BAD_REQUEST'),
      ],
      [
        'a text that is none',
        400,
        {
          errorCode: 'E400',
          violations: [{ property: 'messages[0].content.text', violation: 'must not be blank' }],
        },
        rejected('refused', 'E400'),
      ],
      ['wrong credentials', 401, { errorCode: 'E401', description: 'x' }, rejected('unauthorized', 'E401')],
      [
        'wrong credentials, in the words of the older APIs',
        401,
        { requestError: { serviceException: { messageId: 'UNAUTHORIZED', text: 'Invalid login details' } } },
        rejected('unauthorized', 'UNAUTHORIZED'),
      ],
      ['a key without the scope', 403, { errorCode: 'E403' }, rejected('refused', 'E403')],
      ['too fast', 429, { errorCode: 'E429' }, rejected('rate-limited', 'E429')],
      ['an error inside', 500, { errorCode: 'E500' }, { outcome: 'unknown', vendorCode: 'E500' }],
    ],
  });

  describe('over real sockets', () => {
    let emulator: GatewayEmulator;
    const http = new UndiciHttpClient({ allowPrivate: true });
    beforeEach(async () => {
      emulator = await GatewayEmulator.start();
      emulator.answer(200, answerOf('PENDING', 'PENDING_ACCEPTED'));
    });
    afterEach(() => emulator.stop());
    afterAll(() => http.close());

    const gatewayOf = (settings: Record<string, string> = {}) => {
      const config = infobip.config.parse({ ...base, baseUrl: `${emulator.url}/`, ...settings });
      return infobip.create(config, gatewayTools(http));
    };
    const send = (message: Partial<SmsMessage> = {}, settings: Record<string, string> = {}) =>
      gatewayOf(settings).send(aMessage(message), AbortSignal.timeout(5_000));
    const sent = async (message: Partial<SmsMessage> = {}, settings: Record<string, string> = {}) => {
      await send(message, settings);
      const { path, body } = emulator.lastRequest;
      const json = JSON.parse(body) as { messages: Record<string, unknown>[] };
      return { path, json, message: json.messages[0] };
    };

    it('posts a text under the id of its delivery, with our reference', async () => {
      const message = aMessage();
      const { path, json } = await sent(message);
      expect(path).toBe('/sms/3/messages');
      expect(json).toEqual({
        messages: [
          {
            sender: 'SIXDIGIT',
            destinations: [{ to: '34600987123', messageId: message.id }],
            content: { text: message.text },
            options: { validityPeriod: { amount: 600, timeUnit: 'SECONDS' } },
            webhooks: { contentType: 'application/json', callbackData: message.clientReference },
          },
        ],
        options: { includeSmsCountInResponse: true },
      });
      expect(emulator.lastRequest.headers.authorization).toBe('App infobip-key-canary');
    });

    it('names the receipt address where there is one', async () => {
      expect((await sent({ receiptUrl })).message).toMatchObject({
        webhooks: { delivery: { url: receiptUrl } },
      });
    });

    it.each(['+12015550100', '72345', 'My Shop'])('sends from %s, without a plus', async (from) => {
      expect((await sent({}, { from })).message).toMatchObject({ sender: from.replace('+', '') });
    });

    it('counts the parts as the vendor does', async () => {
      emulator.answer(200, answerOf('PENDING', 'PENDING_ACCEPTED', { details: { messageCount: 2 } }));
      expect(await send()).toEqual({ outcome: 'accepted', reference: 'vendor-1', parts: 2 });
    });

    // Catches: a repetition of our own that was taken before and is sent a second time by the next gateway.
    it('takes the refusal of a repeated id for what it says: the text was taken before', async () => {
      emulator.answer(200, answerOf('REJECTED', 'REJECTED_DUPLICATE_MESSAGE_ID'));
      const message = aMessage();
      expect(await send(message)).toEqual({ outcome: 'accepted', reference: message.id });
    });

    it('calls and lets the text be spoken, as it says the code twice itself', async () => {
      const message = aMessage({ channel: 'voice', locale: 'pt-BR', receiptUrl });
      const { path, json } = await sent(message, { voiceFrom: '+12015550101' });
      expect({ path, json }).toEqual({
        path: '/tts/3/advanced',
        json: {
          messages: [
            {
              from: '12015550101',
              destinations: [{ to: '34600987123', messageId: message.id }],
              text: message.text,
              language: 'pt-br',
              validityPeriod: 10,
              notifyUrl: receiptUrl,
              notifyContentType: 'application/json',
              callbackData: message.clientReference,
            },
          ],
        },
      });
    });

    it.each([
      ['en', 'en'],
      ['en-US', 'en'],
      ['es-AR', 'es'],
      ['no', 'no'],
      ['zh-TW', 'zh-tw'],
    ])('speaks %s as %s, and calls from the sender where that is a number', async (locale, language) => {
      const { message } = await sent({ channel: 'voice', locale }, { from: '+12015550100' });
      expect(message).toMatchObject({ from: '12015550100', language });
      expect(message).not.toHaveProperty('notifyUrl');
    });

    it('fills the code into the authentication template', async () => {
      const message = aMessage({ channel: 'whatsapp', locale: 'fr', receiptUrl });
      const { path, json } = await sent(message, { ...whatsapp, whatsappLanguages: 'en,es' });
      expect({ path, json }).toEqual({
        path: '/whatsapp/1/message/template',
        json: {
          messages: [
            {
              from: '12015550199',
              to: '34600987123',
              messageId: message.id,
              content: {
                templateName: 'sign_in',
                templateData: {
                  body: { placeholders: ['483920'] },
                  buttons: [{ type: 'URL', parameter: '483920' }],
                },
                language: 'en',
              },
              callbackData: message.clientReference,
              notifyUrl: receiptUrl,
            },
          ],
        },
      });
    });

    it.each<[string, Partial<SmsMessage>, Record<string, string>]>([
      ['WhatsApp without a template', { channel: 'whatsapp' }, { whatsappFrom: '+12015550199' }],
      ['a call without a number to call from', { channel: 'voice' }, {}],
      [
        'a call in a language that no voice speaks',
        { channel: 'voice', locale: 'sw' },
        { from: '+12015550100' },
      ],
    ])('calls nobody for %s', async (_name, message, settings) => {
      expect(await send(message, settings)).toEqual(rejected('content', 'not-configured'));
      expect(emulator.requests).toHaveLength(0);
    });

    it('tells the balance', async () => {
      emulator.answer(200, { balance: 47.79134, currency: 'EUR' });
      const balance = await gatewayOf().balance?.(AbortSignal.timeout(5_000));
      expect(balance).toEqual({ micros: 47_791_340, currency: 'EUR' });
      expect(emulator.lastRequest).toMatchObject({ method: 'GET', path: '/account/1/balance', body: '' });
    });
  });

  it.each([
    ['abc123.api.infobip.com', 'https://abc123.api.infobip.com'],
    ['https://abc123.api.infobip.com', 'https://abc123.api.infobip.com'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
  ])('takes the address of the account as %s', (given, baseUrl) => {
    expect(infobip.config.parse({ ...base, baseUrl: given })).toMatchObject({ baseUrl });
  });

  it.each([
    ['no address', { baseUrl: undefined }, 'baseUrl'],
    ['an address that is none', { baseUrl: 'not an address' }, 'baseUrl'],
    ['a calling name', { voiceFrom: 'SIXDIGIT' }, 'voiceFrom'],
  ])('refuses %s', (_name, settings, key) => {
    expect(infobip.config.safeParse({ ...base, ...settings }).error?.issues[0]?.path).toEqual([key]);
  });
});

describe('infobip', () => {
  const clientReference = 'c'.repeat(44);
  const of = { clientReference, reference: 'MESSAGE-ID' };
  const noError = { groupId: 0, groupName: 'OK', id: 0, name: 'NO_ERROR', permanent: false };
  const report = (more: object) => ({
    bulkId: 'BULK-ID',
    messageId: 'MESSAGE-ID',
    to: '34600987123',
    sender: 'SIXDIGIT',
    sentAt: '2026-06-01T12:00:00.000+0000',
    doneAt: '2026-06-01T12:00:01.000+0000',
    mccMnc: '21407',
    callbackData: clientReference,
    error: noError,
    ...more,
  });
  const textOf = (...results: unknown[]) => JSON.stringify({ results });
  const stated = (group: Group, name: string, expected: Omit<SmsReceipt, 'reference'>) =>
    [name, textOf(report({ status: status(group, name) })), [{ ...of, ...expected }]] as const;
  const failed = (reason: UndeliveredReason, name: string, groupName: string, permanent: boolean) => {
    const error = { groupId: 1, groupName, id: 1, name, description: 'In words', permanent };
    const result = report({ status: status('UNDELIVERABLE', 'UNDELIVERABLE_NOT_DELIVERED', 9), error });
    return [
      `${name}, ${permanent}`,
      textOf(result),
      [{ ...of, state: 'undelivered' as const, reason }],
    ] as const;
  };
  const price = { pricePerMessage: 0.0345, currency: 'EUR' };
  const delivered = status('DELIVERED', 'DELIVERED_TO_HANDSET', 5);

  receiptsContract({
    definition: infobip,
    settings: base,
    authentic: (body, now) => aReceiptRequest({ body: Buffer.from(body), now }),
    signature: 'none',
    signatureNames: [],
    hasReplayWindow: false,
    examples: [
      [
        'two parts that arrived',
        textOf(report({ status: delivered, messageCount: 2, price })),
        [{ ...of, state: 'delivered', parts: 2, price: { micros: 69_000, currency: 'EUR' } }],
      ],
      [
        'a call that was answered',
        textOf(
          report({
            status: delivered,
            error: { ...noError, id: 5000, name: 'VOICE_ANSWERED' },
            voiceCall: { feature: 'Text-to-Speech', duration: 11, chargedDuration: 12 },
            price: { pricePerSecond: 0.001, currency: 'EUR' },
          }),
        ),
        [{ ...of, state: 'delivered', price: { micros: 12_000, currency: 'EUR' } }],
      ],
      [
        'a WhatsApp message that was seen',
        textOf({
          messageId: 'MESSAGE-ID',
          from: '12015550199',
          to: '34600987123',
          seenAt: '2026-06-01T12:00:09Z',
        }),
        [{ reference: 'MESSAGE-ID', state: 'delivered' }],
      ],
      stated('PENDING', 'PENDING_ACCEPTED', { state: 'accepted' }),
      stated('PENDING', 'PENDING_ENROUTE', { state: 'sent' }),
      stated('PENDING', 'PENDING_WAITING_DELIVERY', { state: 'sent' }),
      // Catches: the group taken for the state. That the operator has it does not mean that the person has.
      stated('DELIVERED', 'DELIVERED_TO_OPERATOR', { state: 'sent' }),
      stated('DELIVERED', 'SIGNALS_BLOCKED', { state: 'undelivered', reason: 'blocked' }),
      stated('EXPIRED', 'EXPIRED_DLR_UNKNOWN', { state: 'unknown' }),
      stated('EXPIRED', 'EXPIRED_EXPIRED', { state: 'undelivered', reason: 'expired' }),
      stated('REJECTED', 'REJECTED_DND', { state: 'undelivered', reason: 'blocked' }),
      stated('REJECTED', 'REJECTED_PREFIX_MISSING', { state: 'undelivered', reason: 'invalid-number' }),
      stated('UNDELIVERABLE', 'UNDELIVERABLE_NOT_DELIVERED', { state: 'undelivered', reason: 'unknown' }),
      failed('invalid-number', 'EC_UNKNOWN_SUBSCRIBER', 'HANDSET_ERRORS', true),
      // Catches: a number called wrong for all gateways although the vendor says that this may change.
      failed('unreachable', 'EC_UNKNOWN_SUBSCRIBER', 'HANDSET_ERRORS', false),
      failed('unreachable', 'EC_ABSENT_SUBSCRIBER', 'HANDSET_ERRORS', false),
      failed('blocked', 'EC_DEST_ADDRESS_BLACKLISTED', 'OPERATOR_ERRORS', true),
      failed('blocked', 'EC_BLACKLISTED_DESTINATIONADDRESS', 'USER_ERRORS', true),
      failed('unavailable', 'EC_BLACKLISTED_SENDERADDRESS', 'USER_ERRORS', true),
      failed('unavailable', 'EC_TIME_OUT', 'OPERATOR_ERRORS', false),
      failed('content', 'EC_DESTINATION_TXT_FLOODING', 'USER_ERRORS', true),
      failed('expired', 'EC_ValidityExpired', 'USER_ERRORS', true),
      failed('unreachable', 'EC_VOICE_NO_ANSWER', 'USER_ERRORS', true),
      failed('unknown', 'EC_SOMETHING_NEW', 'USER_ERRORS', true),
      ['the reply of a person', textOf({ messageId: 'X', from: '34600987123', text: 'STOP' }), []],
      ['no reports', textOf(), []],
      [
        'a hundred at once, one of them nonsense',
        textOf(
          null,
          ...Array.from({ length: 99 }, (_, at) =>
            report({ messageId: `m${at}`, callbackData: `r${at}`, status: delivered }),
          ),
        ),
        Array.from({ length: 99 }, (_, at) => ({
          clientReference: `r${at}`,
          reference: `m${at}`,
          state: 'delivered' as const,
        })),
      ],
    ],
  });

  it.each(['', '[]', '{}', '{"results":{}}', '<results/>'])('calls this malformed: %p', async (body) => {
    const http = new UndiciHttpClient({ allowPrivate: true });
    const gateway = infobip.create(infobip.config.parse(base), gatewayTools(http));
    expect(await gateway.readReceipts?.(aReceiptRequest({ body: Buffer.from(body) }))).toEqual({
      kind: 'malformed',
    });
    await http.close();
  });
});
