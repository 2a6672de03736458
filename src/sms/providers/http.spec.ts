import { httpGatewayContract, aMessage, providerTools } from '../../../test/contracts/sms-provider.contract';
import { UndiciHttpClient } from '../../common/http/http-client.service';
import { GatewayEmulator } from '../../../test/fakes/gateway-emulator';
import type { SmsMessage } from '../sms-provider';
import http from './http';

describe('http', () => {
  describe('with its defaults', () => {
    httpGatewayContract({
      definition: http,
      settings: (baseUrl) => ({ url: `${baseUrl}/send`, from: 'Sixdigit', token: 'bearer-canary' }),
      secrets: ['bearer-canary'],
      accepted: { status: 201, body: { id: 'vendor-7' }, reference: 'vendor-7' },
      number: '+34600987123',
      numberIn: ({ body }) => JSON.parse(body).to,
      // The design fixes it: any 2xx is accepted.
      strange2xx: 'accepted',
      errors: [
        ['bad request', 400, { error: 'x' }, { outcome: 'rejected', reason: 'content', vendorCode: '400' }],
        ['wrong credentials', 401, '', { outcome: 'rejected', reason: 'unauthorized', vendorCode: '401' }],
        ['no credit', 402, '', { outcome: 'rejected', reason: 'no-credit', vendorCode: '402' }],
        ['forbidden', 403, '', { outcome: 'rejected', reason: 'unauthorized', vendorCode: '403' }],
        ['too large', 413, '', { outcome: 'rejected', reason: 'content', vendorCode: '413' }],
        ['unprocessable', 422, '', { outcome: 'rejected', reason: 'content', vendorCode: '422' }],
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
        body: 'to={{toDigits}}&text={{text}}',
      }),
      secrets: [],
      accepted: { status: 200, body: { messageId: 42 }, reference: '42' },
      number: '34600987123',
      numberIn: ({ path }) => new URLSearchParams(path.split('?')[1]).get('to'),
      strange2xx: 'accepted',
      errors: [['forbidden', 403, '', { outcome: 'rejected', reason: 'unauthorized', vendorCode: '403' }]],
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
      const provider = http.create(config, providerTools(client));
      await provider.send(aMessage(message), AbortSignal.timeout(5_000));
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
      expect(JSON.parse(body)).toEqual({
        id: message.id,
        to: message.to,
        from: 'Sixdigit',
        text: message.text,
      });
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

    it('survives half a surrogate pair in a text', async () => {
      const { path } = await sent({ method: 'GET' }, { text: 'a\ud800b' });
      expect(path).toContain('text=a%EF%BF%BDb');
    });
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
