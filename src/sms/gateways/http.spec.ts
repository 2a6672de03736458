import { createHmac } from 'node:crypto';
import { aReceiptRequest, receiptsContract } from '../../../test/contracts/receipts.contract';
import { aMessage } from '../../testing/message';
import { gatewayTools, httpGatewayContract } from '../../../test/contracts/gateway.contract';
import { UndiciHttpClient } from '../../common/outbound/http-client.service';
import { GatewayEmulator } from '../../testing/fakes/gateway-emulator';
import type { ValidityUnderTest } from '../../testing/contracts/validity.contract';
import type { SmsMessage } from '../gateway';
import http from './http';

const validity: ValidityUnderTest = {
  sms: {
    secondsIn: ({ body }) => Number(JSON.parse(body).ttl),
    settings: { body: '{"to": "{{to}}", "text": "{{text}}", "ttl": "{{validitySeconds}}"}' },
  },
};

describe('http', () => {
  describe('with its defaults', () => {
    httpGatewayContract({
      definition: http,
      settings: (baseUrl) => ({ url: `${baseUrl}/send`, from: 'Sixdigit', token: 'bearer-canary' }),
      secrets: ['bearer-canary'],
      accepted: { status: 201, body: { id: 'vendor-7' }, reference: 'vendor-7' },
      number: '+34600987123',
      validity,
      numberIn: ({ body }) => JSON.parse(body).to,
      // The design fixes it: any 2xx is accepted.
      strange2xx: 'accepted',
      errors: [
        ['bad request', 400, { error: 'x' }, { outcome: 'rejected', reason: 'refused', vendorCode: '400' }],
        ['wrong credentials', 401, '', { outcome: 'rejected', reason: 'unauthorized', vendorCode: '401' }],
        ['no credit', 402, '', { outcome: 'rejected', reason: 'no-credit', vendorCode: '402' }],
        ['forbidden', 403, '', { outcome: 'rejected', reason: 'refused', vendorCode: '403' }],
        ['too large', 413, '', { outcome: 'rejected', reason: 'content', vendorCode: '413' }],
        ['unprocessable', 422, '', { outcome: 'rejected', reason: 'refused', vendorCode: '422' }],
        ['legal reasons', 451, '', { outcome: 'rejected', reason: 'blocked', vendorCode: '451' }],
        ['a redirect after a post', 303, '', { outcome: 'unknown', vendorCode: '303' }],
      ],
    });
  });

  describe('with GET', () => {
    httpGatewayContract({
      definition: http,
      settings: (baseUrl) => ({
        url: `${baseUrl}/send?key=k`,
        method: 'GET',
        body: 'to={{toDigits}}&text={{text}}&from={{from}}',
      }),
      secrets: [],
      accepted: { status: 200, body: { messageId: 42 }, reference: '42' },
      number: '34600987123',
      validity: {
        sms: {
          secondsIn: ({ path }) => Number(new URLSearchParams(path.split('?')[1]).get('ttl')),
          settings: { body: 'to={{toDigits}}&text={{text}}&ttl={{validitySeconds}}' },
        },
      },
      numberIn: ({ path }) => new URLSearchParams(path.split('?')[1]).get('to'),
      strange2xx: 'accepted',
      errors: [['forbidden', 403, '', { outcome: 'rejected', reason: 'refused', vendorCode: '403' }]],
    });
  });

  describe('with a rule for success', () => {
    httpGatewayContract({
      definition: http,
      settings: (baseUrl) => ({
        url: `${baseUrl}/send`,
        successStatus: '200, 202',
        successPath: 'result.status',
        successValue: 'OK, queued,0',
        referencePath: 'result.messages[0].uid',
      }),
      secrets: [],
      accepted: {
        status: 200,
        body: { result: { status: 'ok', messages: [{ uid: 91 }] }, id: 'another' },
        reference: '91',
      },
      number: '+34600987123',
      validity,
      numberIn: ({ body }) => JSON.parse(body).to,
      strange2xx: 'unknown',
      errors: [
        [
          'a failure hidden in a 200',
          200,
          { result: { status: 'rejected' } },
          { outcome: 'rejected', reason: 'refused', vendorCode: '200' },
        ],
        ['a 200 without the word', 200, { result: {} }, { outcome: 'unknown', vendorCode: '200' }],
        [
          'a word that is an object',
          200,
          { result: { status: { code: 'ok' } } },
          { outcome: 'unknown', vendorCode: '200' },
        ],
        [
          'a 2xx that is not listed',
          201,
          { result: { status: 'ok' } },
          { outcome: 'unknown', vendorCode: '201' },
        ],
        [
          'the word as a number',
          202,
          { result: { status: 0 } },
          { outcome: 'accepted', reference: undefined },
        ],
        [
          'a status that refuses, whatever the word',
          401,
          { result: { status: 'ok' } },
          { outcome: 'rejected', reason: 'unauthorized', vendorCode: '401' },
        ],
      ],
    });
  });

  describe('with patterns', () => {
    httpGatewayContract({
      definition: http,
      settings: (baseUrl) => ({
        url: `${baseUrl}/send`,
        successPattern: '^(OK|{"ok":true)',
        refusalPattern: 'DUPLICATE',
        referencePattern: '(?:ID|"ref"):\\s*"?([\\w-]+)',
        reasons: '{"invalid-number":"ERROR:14\\\\b","no-credit":"(?i)no credit"}',
      }),
      secrets: [],
      accepted: { status: 200, body: { ok: true, ref: 'm-1' }, reference: 'm-1' },
      number: '+34600987123',
      validity,
      numberIn: ({ body }) => JSON.parse(body).to,
      strange2xx: 'rejected',
      empty2xx: 'unknown',
      errors: [
        ['plain text', 200, 'OK ID: 77', { outcome: 'accepted', reference: '77' }],
        ['without a reference', 200, 'OK', { outcome: 'accepted', reference: undefined }],
        ['ERROR:14', 200, 'ERROR:14', { outcome: 'rejected', reason: 'invalid-number', vendorCode: '200' }],
        ['another error', 200, 'ERROR:145', { outcome: 'rejected', reason: 'refused', vendorCode: '200' }],
        ['a page', 200, '<html>OK</html>', { outcome: 'rejected', reason: 'refused', vendorCode: '200' }],
        [
          'a refusal first',
          200,
          'OK DUPLICATE',
          { outcome: 'rejected', reason: 'refused', vendorCode: '200' },
        ],
        ['nothing', 200, '  ', { outcome: 'unknown', vendorCode: '200' }],
        ['no credit', 403, 'No credit', { outcome: 'rejected', reason: 'no-credit', vendorCode: '403' }],
      ],
    });
  });

  describe('builds the request', () => {
    let emulator: GatewayEmulator;
    const client = new UndiciHttpClient({ allowPrivate: true });
    beforeEach(async () => {
      emulator = await GatewayEmulator.start();
    });
    afterEach(() => emulator.stop());
    afterAll(() => client.close());

    const sent = async (settings: Record<string, string>, message: Partial<SmsMessage> = {}) => {
      const config = http.config.parse({ url: `${emulator.url}/sms`, ...settings });
      const gateway = http.create(config, gatewayTools(client));
      await gateway.send(aMessage(message), AbortSignal.timeout(5_000));
      return emulator.lastRequest;
    };

    it('posts id, to, from and text as JSON', async () => {
      const message = aMessage();
      const { method, path, headers, body } = await sent({ from: 'Sixdigit' }, message);
      expect({ method, path, type: headers['content-type'] }).toEqual({
        method: 'POST',
        path: '/sms',
        type: 'application/json',
      });
      const { id, to, text } = message;
      expect(JSON.parse(body)).toEqual({ id, to, from: 'Sixdigit', text });
    });

    it('sends further headers and a bearer token', async () => {
      const { headers } = await sent({ headers: '{"X-Api-Key":"k1"}', token: 't1' });
      expect(headers).toMatchObject({ 'x-api-key': 'k1', authorization: 'Bearer t1' });
    });

    it('escapes values of a JSON template', async () => {
      const text = 'a "quoted" \\ line\nnext {{to}}';
      const { body } = await sent({ body: '{"msg":"{{text}}","n":["{{toDigits}}"]}' }, { text });
      expect(JSON.parse(body)).toEqual({ msg: text, n: ['34600987123'] });
    });

    it('escapes values of a form, also without a template of its own', async () => {
      const headers = '{"Content-Type":"application/x-www-form-urlencoded"}';
      const { body } = await sent({ headers }, { text: 'a&b=c +ñ' });
      expect(new URLSearchParams(body).get('text')).toBe('a&b=c +ñ');
      expect(new URLSearchParams(body).get('to')).toBe('+34600987123');
    });

    it('escapes values of XML', async () => {
      const headers = '{"content-type":"text/xml; charset=utf-8"}';
      const { body } = await sent({ headers, body: '<m to="{{to}}">{{ text }}</m>' }, { text: '<b> & "c"' });
      expect(body).toBe('<m to="+34600987123">&#60;b&#62; &#38; &#34;c&#34;</m>');
    });

    it('puts a GET into the query and sends no body', async () => {
      const { path, body, method } = await sent({ method: 'GET' }, { text: 'a&b', id: 'i'.repeat(22) });
      expect({ method, body }).toEqual({ method: 'GET', body: '' });
      expect(path).toBe(`/sms?id=${'i'.repeat(22)}&to=%2B34600987123&from=&text=a%26b`);
    });

    it('tells the gateway where receipts go, and what to repeat in them', async () => {
      const body = '{"to":"{{to}}","msg":"{{text}}","cb":"{{receiptUrl}}","ref":"{{clientReference}}"}';
      const receiptUrl = 'https://verify.example.com/v1/receipts/http/ticket';
      const message = { receiptUrl, clientReference: 'r'.repeat(44) };
      expect(JSON.parse((await sent({ body }, message)).body)).toMatchObject({
        cb: receiptUrl,
        ref: 'r'.repeat(44),
      });
      expect(JSON.parse((await sent({ body }, { receiptUrl: null })).body)).toMatchObject({ cb: '' });
    });

    it('survives half a surrogate pair in a text', async () => {
      const { path } = await sent({ method: 'GET' }, { text: 'a\ud800b' });
      expect(path).toContain('text=a%EF%BF%BDb');
    });
  });

  const URL_ONLY = 'https://gateway.example/';
  const byClientReference = {
    url: URL_ONLY,
    body: '{"to":"{{to}}","msg":"{{text}}","ref":"{{clientReference}}"}',
    receiptStatePath: 'message.status',
    receiptDelivered: 'DELIVRD,Delivered',
    receiptUndelivered: 'UNDELIV,REJECTD',
    receiptSent: 'ENROUTE',
    receiptReferencePath: 'message.id',
    receiptClientReferencePath: 'ref',
    receiptListPath: 'results',
  };
  const results = (...all: object[]) => JSON.stringify({ results: all });
  const SECRET = 'http-receipt-secret';
  const json = (body: string, now: number, headers: Record<string, string> = {}) =>
    aReceiptRequest({
      body: Buffer.from(body),
      now,
      headers: { 'content-type': 'application/json', ...headers },
    });
  const hmacOf = (body: string) => createHmac('sha256', SECRET).update(body);

  describe('with receipts signed by an HMAC', () => {
    receiptsContract({
      definition: http,
      settings: { ...byClientReference, receiptSecret: SECRET, receiptSignatureHeader: 'X-Signature' },
      authentic: (body, now) => {
        const text = Buffer.from(body).toString();
        return json(text, now, { 'x-signature': `sha256=${hmacOf(text).digest('hex')}` });
      },
      signature: 'covers-body',
      signatureNames: ['x-signature'],
      hasReplayWindow: false,
      examples: [
        [
          'a batch',
          results(
            { ref: 'c1', message: { id: 1, status: 'DELIVRD' } },
            { ref: 'c2', message: { id: 2, status: 'undeliv' } },
            { ref: 'c3', message: { id: 3, status: 'Enroute' } },
            { ref: 'c4', message: { id: 4, status: 'PARKED' } },
          ),
          [
            { reference: '1', clientReference: 'c1', state: 'delivered' },
            { reference: '2', clientReference: 'c2', state: 'undelivered', reason: 'unknown' },
            { reference: '3', clientReference: 'c3', state: 'sent' },
            { reference: '4', clientReference: 'c4', state: 'unknown', unknownWord: 'PARKED' },
          ],
        ],
        ['one without a reference', results({ message: { status: 'delivered' } }), [{ state: 'delivered' }]],
        ['none', results(), []],
      ],
    });
  });

  describe('with receipts that show a secret', () => {
    receiptsContract({
      definition: http,
      settings: { ...byClientReference, receiptSecret: SECRET, receiptHeader: 'X-Receipt-Token' },
      authentic: (body, now) => json(body, now, { 'x-receipt-token': SECRET }),
      signature: 'covers-address',
      signatureNames: ['x-receipt-token'],
      hasReplayWindow: false,
      examples: [
        [
          'one',
          results({ ref: 'c', message: { status: 'delivered' } }),
          [{ clientReference: 'c', state: 'delivered' }],
        ],
      ],
    });
  });

  it('reads no receipts without a setting that says how', () => {
    const client = { request: () => Promise.reject(new Error('not called')) };
    const gateway = http.create(http.config.parse({ url: URL_ONLY }), gatewayTools(client));
    expect(gateway.readReceipts).toBeUndefined();
  });

  // A receipt that repeats nothing of ours, at one address for all: only the vendor's id finds the delivery.
  it('has the vendor’s id remembered when nothing else finds the delivery', async () => {
    const answer = { status: 200, headers: {}, body: '{"id":"v7"}' };
    const client = { request: () => Promise.resolve(answer) };
    const outcome = (settings: object) =>
      http
        .create(
          http.config.parse({ url: URL_ONLY, receiptStatePath: 's', receiptDelivered: 'ok', ...settings }),
          gatewayTools(client),
        )
        .send(aMessage(), AbortSignal.timeout(1_000));
    expect(await outcome({ receiptReferencePath: 'id' })).toEqual({
      outcome: 'accepted',
      reference: 'v7',
      receiptReferences: ['v7'],
    });
    const withAddress = { receiptReferencePath: 'id', body: '{"a":"{{to}}{{text}}{{receiptUrl}}"}' };
    expect(await outcome(withAddress)).toEqual({ outcome: 'accepted', reference: 'v7' });
  });

  const withState = {
    url: URL_ONLY,
    receiptStatePath: 's',
    receiptDelivered: 'ok',
    receiptReferencePath: 'id',
  };
  it.each([
    ['a status that is none', { url: URL_ONLY, successStatus: '2x' }, 'successStatus'],
    ['a pattern that RE2 does not know', { url: URL_ONLY, successPattern: '(?=a)' }, 'successPattern'],
    ['a reason that is none', { url: URL_ONLY, reasons: '{"odd":"x"}' }, 'reasons'],
    ['a success that leaves it open', { url: URL_ONLY, successStatus: '200,503' }, 'successStatus'],
    ['a path that is none', { url: URL_ONLY, referencePath: 'a..b' }, 'referencePath'],
    ['a success path without values', { url: URL_ONLY, successPath: 'a' }, 'successValue'],
    ['success values without a path', { url: URL_ONLY, successValue: 'a' }, 'successPath'],
    ['an empty list of values', { url: URL_ONLY, successPath: 'a', successValue: ' , ' }, 'successValue'],
    ['receipts without a state', { url: URL_ONLY, receiptDelivered: 'a' }, 'receiptStatePath'],
    [
      'receipts that nothing calls delivered',
      { ...withState, receiptDelivered: undefined },
      'receiptDelivered',
    ],
    [
      'receipts that nothing leads back',
      { ...withState, receiptReferencePath: undefined },
      'receiptStatePath',
    ],
    [
      'a reference of ours that is never given',
      { ...withState, receiptClientReferencePath: 'r' },
      'receiptClientReferencePath',
    ],
    ['a secret without a header', { ...withState, receiptSecret: SECRET }, 'receiptSecret'],
    [
      'a secret with both headers',
      { ...withState, receiptSecret: SECRET, receiptHeader: 'a', receiptSignatureHeader: 'b' },
      'receiptSecret',
    ],
    ['a header without a secret', { ...withState, receiptHeader: 'a' }, 'receiptSecret'],
    [
      'a secret that can be guessed',
      { ...withState, receiptHeader: 'a', receiptSecret: 'short' },
      'receiptSecret',
    ],
    ['a header that is none', { ...withState, receiptHeader: 'a b', receiptSecret: SECRET }, 'receiptHeader'],
  ])('refuses %s, naming the rule’s setting', (_name, settings, key) => {
    expect(http.config.safeParse(settings).error?.issues[0]?.path).toEqual([key]);
  });

  it.each([
    ['credentials in the URL', { url: 'https://user:pass@gateway.example/' }, 'url'],
    ['a URL that is not HTTP', { url: 'ftp://gateway.example/' }, 'url'],
    ['no URL', {}, 'url'],
    ['headers that are no object', { url: 'https://g.example', headers: '[]' }, 'headers'],
    ['a header that is no text', { url: 'https://g.example', headers: '{"a":1}' }, 'headers'],
    ['an unknown placeholder', { url: 'https://g.example', body: '{"a":"{{text}}{{to}}{{code}}"}' }, 'body'],
    ['a template without the text', { url: 'https://g.example', body: '{"a":"{{to}}"}' }, 'body'],
    ['a template without the number', { url: 'https://g.example', body: '{"a":"{{text}}"}' }, 'body'],
    [
      'a placeholder outside quotes',
      { url: 'https://g.example', body: '{"a":{{text}},"b":"{{to}}"}' },
      'body',
    ],
    ['an unknown method', { url: 'https://g.example', method: 'PATCH' }, 'method'],
  ])('refuses %s, naming the setting', (_name, settings, key) => {
    expect(http.config.safeParse(settings).error?.issues[0]?.path).toEqual([key]);
  });
});
