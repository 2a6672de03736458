import { createHash, createHmac } from 'node:crypto';
import { aReceiptRequest, receiptsContract } from '../../../test/contracts/receipts.contract';
import { aMessage } from '../../testing/message';
import { gatewayTools, httpGatewayContract } from '../../../test/contracts/gateway.contract';
import { UndiciHttpClient } from '../../common/outbound/http-client.service';
import { GatewayEmulator } from '../../testing/fakes/gateway-emulator';
import type { SmsMessage, SmsOutcome } from '../gateway';
import type { ReceiptRequest, SmsReceipt, UndeliveredReason } from '../receipt';
import vonageSms from './vonage-sms';

const base = { apiKey: 'abcd1234', apiSecret: 'sms-api-secret', from: 'SIXDIGIT' };
const rejected = (
  reason: Extract<SmsOutcome, { outcome: 'rejected' }>['reason'],
  vendorCode: string,
): SmsOutcome => ({ outcome: 'rejected', reason, vendorCode });
const unknown = (vendorCode: string): SmsOutcome => ({ outcome: 'unknown', vendorCode });

const taken = (id: string, price = '0.03330000') => ({
  to: '34600987123',
  'message-id': id,
  status: '0',
  'remaining-balance': '15.53590000',
  'message-price': price,
  network: '21407',
});
const refused = (status: string) => ({ status, 'error-text': 'In words' });
const answerOf = (...messages: object[]) => ({ 'message-count': String(messages.length), messages });
const refusals = (reason: Parameters<typeof rejected>[0], codes: readonly number[]) =>
  codes.map(
    (code) =>
      [`status ${code}`, 200, answerOf(refused(String(code))), rejected(reason, String(code))] as const,
  );

describe('vonage-sms', () => {
  httpGatewayContract({
    definition: vonageSms,
    settings: (baseUrl) => ({ ...base, signatureSecret: 'sms-signature-canary', baseUrl }),
    secrets: [
      'sms-api-secret',
      'sms-signature-canary',
      Buffer.from('abcd1234:sms-api-secret').toString('base64'),
    ],
    accepted: { status: 200, body: answerOf(taken('0C000000217B7F02')), reference: '0C000000217B7F02' },
    number: '34600987123',
    validity: { sms: { secondsIn: ({ body }) => Number(new URLSearchParams(body).get('ttl')) / 1_000 } },
    numberIn: ({ body }) => new URLSearchParams(body).get('to'),
    strange2xx: 'unknown',
    limits: [
      ['throughput', 'sms', 200, answerOf(refused('1')), 'sender'],
      ['connections of the account', 'sms', 200, answerOf(refused('10')), 'account'],
    ],
    errors: [
      ...refusals('rate-limited', [1, 10]),
      ...refusals('unavailable', [2, 23, 32]),
      // 6: also a prefix that it does not know.
      ...refusals('refused', [3, 6, 15, 22, 29, 99]),
      ...refusals('unauthorized', [4, 8, 11, 14]),
      ...refusals('content', [12, 17]),
      ...refusals('blocked', [7]),
      ...refusals('no-credit', [9]),
      ...refusals('invalid-number', [33]),
      ['an internal error', 200, answerOf(refused('5')), unknown('5')],
      ['an internal error with the second part', 200, answerOf(refused('9'), refused('5')), unknown('9')],
      [
        'a status as number',
        200,
        { 'message-count': 1, messages: [{ status: 9 }] },
        rejected('no-credit', '9'),
      ],
      ['both parts refused', 200, answerOf(refused('9'), refused('9')), rejected('no-credit', '9')],
      ['one part of two refused', 200, answerOf(taken('A'), refused('9')), unknown('9')],
      ['one part refused, one without a status', 200, answerOf(refused('9'), {}), unknown('9')],
      ['a part without a status', 200, answerOf({ 'message-id': 'A' }), unknown('status')],
      ['a status in words', 200, answerOf(refused('34600987123')), unknown('status')],
      ['no parts', 200, answerOf(), unknown('200')],
      ['fewer parts than it says', 200, { 'message-count': '2', messages: [taken('A')] }, unknown('200')],
      ['parts that are no list', 200, { 'message-count': '1', messages: { status: '0' } }, unknown('200')],
      ['wrong credentials', 401, { type: 'UNAUTHORIZED' }, rejected('unauthorized', '401')],
    ],
  });

  describe('over real sockets', () => {
    let emulator: GatewayEmulator;
    const http = new UndiciHttpClient({ allowPrivate: true });
    beforeEach(async () => {
      emulator = await GatewayEmulator.start();
      emulator.answer(200, answerOf(taken('A')));
    });
    afterEach(() => emulator.stop());
    afterAll(() => http.close());

    const gatewayOf = (settings: Record<string, string> = {}) =>
      vonageSms.create(
        vonageSms.config.parse({ ...base, baseUrl: `${emulator.url}/`, ...settings }),
        gatewayTools(http),
      );
    const send = (message: Partial<SmsMessage> = {}, settings: Record<string, string> = {}) =>
      gatewayOf(settings).send(aMessage(message), AbortSignal.timeout(5_000));
    const sent = async (message: Partial<SmsMessage> = {}, settings: Record<string, string> = {}) => {
      await send(message, settings);
      return Object.fromEntries(new URLSearchParams(emulator.lastRequest.body));
    };

    it('posts a form with Basic credentials and our reference', async () => {
      const message = aMessage();
      expect(await sent(message)).toEqual({
        from: 'SIXDIGIT',
        to: '34600987123',
        text: message.text,
        type: 'text',
        ttl: '600000',
        'client-ref': message.clientReference,
      });
      const { method, path, headers } = emulator.lastRequest;
      expect({ method, path }).toEqual({ method: 'POST', path: '/sms/json' });
      expect(headers.authorization).toBe(
        `Basic ${Buffer.from('abcd1234:sms-api-secret').toString('base64')}`,
      );
      expect(headers['content-type']).toBe('application/x-www-form-urlencoded');
    });

    it('says so when a text needs Unicode, and sends it unharmed', async () => {
      expect(await sent({ text: 'código & 483920 = 😀' })).toMatchObject({
        type: 'unicode',
        text: 'código & 483920 = 😀',
      });
    });

    it('sends from a number without its plus', async () => {
      expect(await sent({}, { from: '+12015550100' })).toMatchObject({ from: '12015550100' });
    });

    // A longer one is refused, and the text with it.
    it.each([
      [`https://s.co/${'a'.repeat(87)}`, `https://s.co/${'a'.repeat(87)}`],
      [`https://s.co/${'a'.repeat(88)}`, undefined],
      [null, undefined],
    ])('names an address for receipts of at most 100 characters: %s', async (receiptUrl, callback) => {
      expect((await sent({ receiptUrl }))['callback']).toBe(callback);
    });

    it.each([
      ['the shorter address of the account, where that of the text is too long', 100, 100],
      ['none, where both are', 101, undefined],
    ])('names %s', async (_name, length, expected) => {
      const address = (characters: number) => 'https://s.co/'.padEnd(characters, 'a');
      const message = { receiptUrl: address(101), accountReceiptUrl: address(length) };
      expect((await sent(message))['callback']?.length).toBe(expected);
    });

    it('counts the parts and adds up what they cost', async () => {
      emulator.answer(200, answerOf(taken('A', '0.03330000'), taken('B', '0.03340000')));
      expect(await send()).toEqual({
        outcome: 'accepted',
        reference: 'A',
        parts: 2,
        price: { micros: 66_700, currency: 'EUR' },
      });
    });

    it('names no price where a part has none', async () => {
      emulator.answer(200, answerOf(taken('A'), taken('B', '')));
      expect(await send()).toEqual({ outcome: 'accepted', reference: 'A', parts: 2 });
    });

    it('tells the balance', async () => {
      emulator.answer(200, { value: 10.28, autoReload: false });
      expect(await gatewayOf().balance?.(AbortSignal.timeout(5_000))).toEqual({
        micros: 10_280_000,
        currency: 'EUR',
      });
      expect(emulator.lastRequest).toMatchObject({ method: 'GET', path: '/account/get-balance', body: '' });
    });

    it.each([
      [401, { title: 'no' }],
      [200, { value: 'much' }],
      [200, '<html>'],
    ])('has no balance when the gateway answers %i %p', async (status, body) => {
      emulator.answer(status, body);
      await expect(gatewayOf().balance?.(AbortSignal.timeout(5_000))).rejects.toThrow('the gateway');
    });
  });

  it.each([
    ['a sender of 12 letters', { from: 'ABCDEFGHIJKL' }, 'from'],
    ['an unknown way to sign', { signatureMethod: 'sha3' }, 'signatureMethod'],
  ])('refuses %s', (_name, settings, key) => {
    expect(vonageSms.config.safeParse({ ...base, ...settings }).error?.issues[0]?.path).toEqual([key]);
  });
});

const secret = 'my_secret_key_for_testing';
const clientReference = 'c_-'.repeat(14) + 'cc';
const receipt = {
  msisdn: '34600987123',
  to: 'SIXDIGIT',
  'network-code': '21407',
  messageId: '0B00000127FDBC63',
  price: '0.03330000',
  status: 'delivered',
  scts: '2606011200',
  'err-code': '0',
  'api-key': 'abcd1234',
  'client-ref': clientReference,
  'message-timestamp': '2026-06-01 12:00:00',
};
const textOf = (fields: Record<string, string>) => new URLSearchParams(fields).toString();
/** As Vonage describes it; written apart from the gateway. */
const baseOf = (fields: readonly (readonly [string, string])[]) =>
  fields
    .filter(([name]) => name !== 'sig')
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `&${name}=${value.replaceAll('&', '_').replaceAll('=', '_')}`)
    .join('');
const signed = (text: string, now: number) => {
  const nonce = 'aaaaaaaa-bbbb-cccc-dddd-0123456789ab';
  const fields = [...new URLSearchParams(text), ['timestamp', String(now / 1_000)], ['nonce', nonce]] as [
    string,
    string,
  ][];
  const sig = createHmac('sha256', secret).update(baseOf(fields)).digest('hex').toUpperCase();
  return new URLSearchParams([...fields, ['sig', sig]]);
};
const byGet = (query: URLSearchParams, now: number): ReceiptRequest =>
  aReceiptRequest({
    method: 'GET',
    url: `https://verify.example.com/v1/receipts/vonage-sms/secret?${query.toString()}`,
    query,
    now,
  });
const part = { clientReference, reference: receipt.messageId, part: receipt.messageId };
const price = { micros: 33_300, currency: 'EUR' };

describe('vonage-sms', () => {
  const reported = (more: object, expected: Omit<SmsReceipt, 'price'>) => {
    const fields: Record<string, string> = { ...receipt, ...more };
    const name = `${fields['status']}, ${fields['err-code']}`;
    return [name, textOf(fields), [{ ...part, price, ...expected }]] as const;
  };
  const failures = (reason: UndeliveredReason, codes: readonly number[]) =>
    codes.map((code) =>
      reported({ status: 'failed', 'err-code': String(code) }, { state: 'undelivered', reason }),
    );

  receiptsContract({
    definition: vonageSms,
    settings: { ...base, signatureSecret: secret, signatureMethod: 'sha256' },
    authentic: (text, now) => byGet(signed(text, now), now),
    signature: 'covers-address',
    signatureNames: ['sig', 'timestamp', 'nonce', 'status', 'client-ref'],
    hasReplayWindow: true,
    examples: [
      reported({}, { state: 'delivered' }),
      reported({ status: 'accepted' }, { state: 'accepted' }),
      reported({ status: 'buffered', 'err-code': '2' }, { state: 'sent' }),
      reported({ status: 'unknown', 'err-code': '1' }, { state: 'unknown' }),
      reported({ status: 'expired', 'err-code': '1' }, { state: 'undelivered', reason: 'expired' }),
      reported({ status: 'rejected', 'err-code': '6' }, { state: 'undelivered', reason: 'content' }),
      reported({ status: 'undelivered', 'err-code': '0' }, { state: 'undelivered', reason: 'unknown' }),
      ...failures('invalid-number', [3]),
      ...failures('opted-out', [9]),
      ...failures('blocked', [4, 53]),
      ...failures('unreachable', [2, 5, 7, 12, 14, 15]),
      ...failures('content', [6, 10, 13, 50, 52]),
      ...failures('unavailable', [8, 11, 39, 51, 54]),
      ...failures('unknown', [1, 99]),
      ['the text of a person', textOf({ messageId: 'A', msisdn: '34600987123', text: 'STOP' }), []],
    ],
  });

  describe('receipts', () => {
    const http = new UndiciHttpClient({ allowPrivate: true });
    afterAll(() => http.close());
    const NOW = Date.UTC(2026, 5, 1, 12);
    const reader = (settings: Record<string, string>) =>
      vonageSms.create(vonageSms.config.parse({ ...base, ...settings }), gatewayTools(http)).readReceipts!;
    const read = reader({ signatureSecret: secret, signatureMethod: 'sha256' });
    const delivered = { kind: 'receipts', receipts: [{ ...part, state: 'delivered', price }] };
    const query = signed(textOf(receipt), NOW);
    const post = (body: string, now = NOW) => aReceiptRequest({ body: Buffer.from(body), now });

    it.each([
      ['a form', query.toString()],
      ['JSON', JSON.stringify(Object.fromEntries(query))],
      ['JSON with numbers', JSON.stringify({ ...Object.fromEntries(query), timestamp: NOW / 1_000 })],
    ])('come by POST as %s, too', async (_name, body) => {
      expect(await read(post(body))).toEqual(delivered);
      expect(await read(post(body.replace('delivered', 'buffered')))).toEqual({ kind: 'forged' });
      expect(await read(post(body, NOW + 301_000))).toEqual({ kind: 'forged' });
    });

    it('come as a query by POST', async () => {
      expect(await read({ ...byGet(query, NOW), method: 'POST' })).toEqual(delivered);
    });

    // Catches: a body that is signed, and a query that is read.
    it('are read from the place that is signed', async () => {
      const stray = new URLSearchParams({ status: 'failed', messageId: 'other' });
      expect(await read({ ...post(query.toString()), query: stray })).toEqual(delivered);
    });

    // Catches: what is signed, `&name=value&name=value`, cut up in another way.
    it('are forged when names hold what separates fields', async () => {
      const [first = '', second = ''] = [...query.keys()].filter((name) => name !== 'sig').sort();
      const fields = new Map(query);
      const merged = `${first}=${fields.get(first)}&${second}`;
      const cut = new Map([[merged, fields.get(second) ?? ''], ...fields]);
      cut.delete(first);
      cut.delete(second);
      expect(baseOf([...cut])).toBe(baseOf([...fields]));
      expect(await read(byGet(new URLSearchParams([...cut]), NOW))).toEqual({ kind: 'forged' });
    });

    // Catches: one of two equal names that is signed, and the other that is read.
    it('mean what was signed when something stands there twice', async () => {
      expect(await read(post(`status=failed&${query.toString()}`))).toEqual(delivered);
      expect(await read(post(`${query.toString()}&status=failed`))).toEqual({ kind: 'forged' });
    });

    it.each(['[]', '{}', '{"status":{}}', ''])('are forged when unsigned: %s', async (body) => {
      expect(await read(post(body))).toEqual({ kind: 'forged' });
    });

    it('need no signature where no secret is set', async () => {
      expect(await reader({})(post(textOf(receipt)))).toEqual(delivered);
      expect(await reader({})(post('{"status":{}}'))).toEqual({ kind: 'malformed' });
      expect(await reader({})(post('status=delivered'))).toEqual({ kind: 'malformed' });
    });

    /** Of vonage-php-sdk-core, test/Client/SignatureTest.php: published keys and messages of 2013 and 2017. */
    const early = {
      'message-timestamp': '2013-11-21 15:27:30',
      messageId: '020000001B0FE827',
      msisdn: '14843472194',
      text: 'Test again',
      timestamp: '1385047698',
      to: '13239877404',
      type: 'text',
    };
    const signs = {
      keyword: 'TEST',
      'message-timestamp': '2017-04-04 22:57:47',
      messageId: '0B00000042AC53BD',
      msisdn: '14843472194',
      nonce: '929d6744-bd28-42c8-b6cf-31d5b4f43732',
      text: 'Test with & and =',
      timestamp: '1491346667',
      to: '12192259404',
      type: 'text',
    };
    it.each([
      ['md5hash', early, 'd2e7b1dc968737c5998ad624e02f90b7'],
      ['md5', early, 'DDEBD46008C2D4E93CCE578A332A52D5'],
      ['sha1', early, '27D0D05C2876C7CB1720DBCDBA4D492E1E55C09A'],
      ['sha256', early, 'DDB8397C2B90AAC7F3882D306475C9A5058C92322EEF43C92B298B6E0FC0D330'],
      [
        'sha512',
        early,
        'E0D3C650F8C9D1A5C174D10DDDBFB003E561F59B265616208B0487C5D819481C' +
          'D3C311D59CF6165ECD1139622D5BA3A256C0D763AC4A9AD9144B5A426B94FE82',
      ],
      ['md5hash', signs, 'e06d9763e3fd0b9c31beb5fc2fcb011c'],
    ])('are signed with %s as the vendor’s own library does', async (signatureMethod, fields, sig) => {
      const now = Number(fields.timestamp) * 1_000;
      const verify = reader({ signatureSecret: secret, signatureMethod });
      expect(await verify(post(textOf({ ...fields, sig }), now))).toEqual({ kind: 'receipts', receipts: [] });
      expect(await verify(post(textOf({ ...fields, sig, text: 'x' }), now))).toEqual({ kind: 'forged' });
    });

    it('are signed with md5hash unless told otherwise', async () => {
      const fields = { ...receipt, timestamp: String(NOW / 1_000) };
      const sig = createHash('md5')
        .update(baseOf(Object.entries(fields)) + secret)
        .digest('hex');
      expect(await reader({ signatureSecret: secret })(post(textOf({ ...fields, sig })))).toEqual(delivered);
    });
  });
});
