import { createHmac } from 'node:crypto';
import { aReceiptRequest, receiptsContract } from '../../../test/contracts/receipts.contract';
import { aMessage } from '../../testing/message';
import { gatewayTools, httpGatewayContract } from '../../../test/contracts/gateway.contract';
import { GatewayEmulator } from '../../testing/fakes/gateway-emulator';
import { UndiciHttpClient } from '../../common/outbound/http-client.service';
import type { SmsMessage, SmsOutcome } from '../gateway';
import type { SmsReceipt } from '../receipt';
import sinch from './sinch';

const PLAN = 'jd63jf88477ll123ab4567cd89012ef3';
const BATCH = '01FC66621XXXXX119Z8PMV1QPQ';
const accepted = {
  id: BATCH,
  to: ['34600987123'],
  from: 'Sixdigit',
  canceled: false,
  body: 'Your code is 483920. Never share it.',
  type: 'mt_text',
  created_at: '2026-06-01T12:00:00.000Z',
  modified_at: '2026-06-01T12:00:00.000Z',
  delivery_report: 'per_recipient',
};

const rejected = (
  reason: Extract<SmsOutcome, { outcome: 'rejected' }>['reason'],
  vendorCode: string,
): SmsOutcome => ({ outcome: 'rejected', reason, vendorCode });

describe('sinch', () => {
  httpGatewayContract({
    definition: sinch,
    settings: (baseUrl) => ({
      servicePlanId: PLAN,
      apiToken: 'sinch-token-canary',
      from: 'Sixdigit',
      baseUrl,
    }),
    secrets: ['sinch-token-canary'],
    accepted: { status: 201, body: accepted, reference: BATCH },
    number: '+34600987123',
    validity: {
      sms: {
        secondsIn: ({ body }) => Math.round((Date.parse(JSON.parse(body).expire_at) - Date.now()) / 1_000),
      },
    },
    numberIn: ({ body }) => JSON.parse(body).to[0],
    strange2xx: 'unknown',
    errors: [
      [
        'not the JSON it expects',
        400,
        { code: 'syntax_invalid_json', text: 'x' },
        rejected('refused', 'syntax_invalid_json'),
      ],
      [
        'a field of the wrong form',
        400,
        { code: 'syntax_invalid_parameter_format', text: 'Invalid MSISDN: 34600987123' },
        rejected('refused', 'syntax_invalid_parameter_format'),
      ],
      [
        'a field missing or too long',
        400,
        { code: 'syntax_constraint_violation', text: 'may not be null' },
        rejected('refused', 'syntax_constraint_violation'),
      ],
      [
        'an unknown group',
        403,
        { code: 'unknown_group', text: 'x' },
        rejected('unavailable', 'unknown_group'),
      ],
      [
        'a campaign that is not the sender’s',
        403,
        { code: 'unknown_campaign', text: 'x' },
        rejected('unavailable', 'unknown_campaign'),
      ],
      [
        'a receipt without an address',
        403,
        { code: 'missing_callback_url', text: 'x' },
        rejected('unavailable', 'missing_callback_url'),
      ],
      [
        'a kind of number that the region does not serve',
        403,
        { code: 'illegal_number_type', text: 'x' },
        rejected('refused', 'illegal_number_type'),
      ],
      [
        'a blocked account, mostly for want of credit',
        403,
        { code: 'blocked_account', text: 'x' },
        rejected('no-credit', 'blocked_account'),
      ],
      ['a code nobody documents', 403, { code: 'new_word', text: 'x' }, rejected('refused', '403')],
      ['bad request without a code', 400, 'Bad Request', rejected('refused', '400')],
      ['a wrong token', 401, '', rejected('unauthorized', '401')],
      ['a wrong service plan', 404, '', rejected('unavailable', '404')],
      ['a wrong method', 405, '', rejected('refused', '405')],
      ['a wrong content type', 415, '', rejected('refused', '415')],
      ['too many requests', 429, '', rejected('rate-limited', '429')],
      [
        'an internal error, code or not',
        500,
        { code: 'unknown_group' },
        { outcome: 'unknown', vendorCode: '500' },
      ],
      ['unavailable', 503, '', { outcome: 'unknown', vendorCode: '503' }],
    ],
  });

  describe('builds the request', () => {
    let emulator: GatewayEmulator;
    const http = new UndiciHttpClient({ allowPrivate: true });
    beforeEach(async () => {
      emulator = await GatewayEmulator.start();
      emulator.answer(201, accepted);
    });
    afterEach(() => emulator.stop());
    afterAll(() => http.close());

    const sent = async (message: Partial<SmsMessage> = {}, settings: Record<string, string> = {}) => {
      const config = sinch.config.parse({
        servicePlanId: PLAN,
        apiToken: 't1',
        baseUrl: `${emulator.url}/`,
        ...settings,
      });
      await sinch.create(config, gatewayTools(http)).send(aMessage(message), AbortSignal.timeout(5_000));
      const { method, path, headers, body } = emulator.lastRequest;
      return { method, path, headers, json: JSON.parse(body) as Record<string, unknown> };
    };

    it('posts a batch of one to the service plan, with a bearer token', async () => {
      const message = aMessage();
      const { method, path, headers, json } = await sent(message);
      expect({ method, path }).toEqual({ method: 'POST', path: `/xms/v1/${PLAN}/batches` });
      expect(headers).toMatchObject({ authorization: 'Bearer t1', 'content-type': 'application/json' });
      expect(json).toEqual({
        type: 'mt_text',
        to: [message.to],
        body: message.text,
        delivery_report: 'none',
        client_reference: message.clientReference,
        expire_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      });
    });

    it('asks for receipts only where one can reach us', async () => {
      const receiptUrl = 'https://verify.example.com/v1/receipts/sinch/ticket';
      expect((await sent({ receiptUrl })).json).toMatchObject({
        delivery_report: 'per_recipient',
        callback_url: receiptUrl,
      });
      expect((await sent({ receiptUrl: null })).json).not.toHaveProperty('callback_url');
    });

    it.each(['12345', '+447537404817', 'Sixdigit', 'Acme Shop'])('sends from %s', async (from) => {
      expect((await sent({}, { from })).json).toMatchObject({ from });
    });
  });

  it.each(['us', 'eu', 'br', 'ca', 'au'])('calls the region %s when no address is set', async (region) => {
    const urls: string[] = [];
    const request = ({ url }: { url: string }) => {
      urls.push(url);
      return Promise.resolve({ status: 201, headers: {}, body: JSON.stringify(accepted) });
    };
    const config = sinch.config.parse({ servicePlanId: PLAN, apiToken: 't', region });
    await sinch.create(config, gatewayTools({ request })).send(aMessage(), AbortSignal.timeout(1_000));
    expect(urls).toEqual([`https://${region}.sms.api.sinch.com/xms/v1/${PLAN}/batches`]);
  });

  it.each([
    ['an unknown region', { region: 'mars' }],
    ['a service plan that would change the path', { servicePlanId: 'a/../b' }],
    ['a sender of 12 letters', { from: 'ABCDEFGHIJKL' }],
  ])('refuses %s', (_name, settings) => {
    expect(sinch.config.safeParse({ servicePlanId: PLAN, apiToken: 't', ...settings }).success).toBe(false);
  });

  const clientReference = 'c'.repeat(44);
  const report = (status: string, code: number, more: object = {}) =>
    JSON.stringify({
      at: '2026-06-01T12:00:03.606Z',
      batch_id: BATCH,
      client_reference: clientReference,
      code,
      operator_status_at: '2026-06-01T12:00:00Z',
      recipient: '34600987123',
      status,
      type: 'recipient_delivery_report_sms',
      ...more,
    });
  const about = { reference: BATCH, clientReference };
  const failed = (reason: SmsReceipt['reason']): SmsReceipt[] => [{ ...about, state: 'undelivered', reason }];
  const signed = (body: string, now: number, secret = 'sinch-hmac-secret') => {
    const [nonce, timestamp] = ['01FJA8B4A7BM43YGWSG9GBV067', String(Math.floor(now / 1_000))];
    const signature = createHmac('sha256', secret).update(`${body}.${nonce}.${timestamp}`).digest('base64');
    return aReceiptRequest({
      body: Buffer.from(body),
      now,
      headers: {
        'content-type': 'application/json',
        'x-sinch-webhook-signature': signature,
        'x-sinch-webhook-signature-nonce': nonce,
        'x-sinch-webhook-signature-timestamp': timestamp,
        'x-sinch-webhook-signature-algorithm': 'HmacSHA256',
      },
    });
  };

  receiptsContract({
    definition: sinch,
    settings: { servicePlanId: PLAN, apiToken: 't', webhookSecret: 'sinch-hmac-secret' },
    authentic: (body, now) => signed(Buffer.from(body).toString(), now),
    signature: 'covers-body',
    signatureNames: [
      'x-sinch-webhook-signature',
      'x-sinch-webhook-signature-nonce',
      'x-sinch-webhook-signature-timestamp',
    ],
    hasReplayWindow: true,
    examples: [
      ['delivered', report('Delivered', 0), [{ ...about, state: 'delivered' }]],
      [
        'delivered in two parts',
        report('Delivered', 0, { number_of_message_parts: 2 }),
        [{ ...about, parts: 2, state: 'delivered' }],
      ],
      ['queued', report('Queued', 400), [{ ...about, state: 'accepted' }]],
      ['dispatched', report('Dispatched', 401), [{ ...about, state: 'sent' }]],
      ['unroutable', report('Aborted', 402), failed('unavailable')],
      ['an internal error', report('Aborted', 403), failed('unavailable')],
      ['a temporary failure', report('Aborted', 404), failed('unavailable')],
      ['a parameter without a value', report('Aborted', 405), failed('unavailable')],
      ['expired inside', report('Aborted', 406), failed('expired')],
      ['cancelled', report('Cancelled', 407), failed('unknown')],
      ['rejected inside', report('Rejected', 408), failed('unavailable')],
      ['no default sender', report('Aborted', 410), failed('unavailable')],
      ['too many parts', report('Aborted', 411), failed('content')],
      ['region not provisioned', report('Aborted', 412), failed('unavailable')],
      ['account blocked', report('Aborted', 413), failed('no-credit')],
      ['unreachable, as of MMS', report('Failed', 417), failed('unreachable')],
      ['failed by a code of the operator', report('Failed', 27), failed('unknown')],
      ['expired at the operator', report('Expired', 11), failed('expired')],
      ['rejected by the operator', report('Rejected', 69), failed('unavailable')],
      ['deleted', report('Deleted', 0), failed('unknown')],
      ['no report from the operator', report('Unknown', 0), [{ ...about, state: 'unknown' }]],
      [
        'a summary of the batch',
        JSON.stringify({
          type: 'delivery_report_sms',
          batch_id: BATCH,
          client_reference: clientReference,
          total_message_count: 1,
          statuses: [{ code: 0, status: 'Delivered', count: 1, recipients: ['34600987123'] }],
        }),
        [{ ...about, state: 'delivered' }],
      ],
      [
        'without a reference of ours',
        report('Delivered', 0, { client_reference: undefined }),
        [{ reference: BATCH, state: 'delivered' }],
      ],
      [
        'a reply of a person',
        JSON.stringify({ type: 'mo_text', id: 'x', from: '34600987123', body: 'STOP' }),
        [],
      ],
    ],
  });

  describe('receipts', () => {
    const gateway = (settings: Record<string, string>) =>
      sinch.create(
        sinch.config.parse({ servicePlanId: PLAN, apiToken: 't', ...settings }),
        gatewayTools({ request: () => Promise.reject(new Error('not called')) }),
      );

    it('are read without a signature when no secret was agreed', () => {
      const body = Buffer.from(report('Delivered', 0));
      expect(gateway({}).readReceipts?.(aReceiptRequest({ body }))).toMatchObject({ kind: 'receipts' });
    });

    it.each([
      ['no state', report('', 0)],
      ['no batch', report('Delivered', 0, { batch_id: undefined })],
      ['a summary without states', JSON.stringify({ type: 'delivery_report_sms', batch_id: BATCH })],
      [
        'a summary with a null among its states',
        JSON.stringify({ type: 'delivery_report_sms', batch_id: BATCH, statuses: [null] }),
      ],
      ['no type', '{}'],
      ['half an object', '{"type":'],
    ])('are malformed with %s', (_name, body) => {
      expect(gateway({}).readReceipts?.(aReceiptRequest({ body: Buffer.from(body) }))).toEqual({
        kind: 'malformed',
      });
    });

    it('are forged with a timestamp that is not in seconds', () => {
      const body = report('Delivered', 0);
      const now = Date.UTC(2026, 5, 1, 12);
      for (const timestamp of [String(now), new Date(now).toISOString(), 'NaN', '1e9']) {
        const request = signed(body, now);
        const signature = createHmac('sha256', 'sinch-hmac-secret')
          .update(`${body}.n.${timestamp}`)
          .digest('base64');
        const headers = {
          'x-sinch-webhook-signature': signature,
          'x-sinch-webhook-signature-nonce': 'n',
          'x-sinch-webhook-signature-timestamp': timestamp,
        };
        const reading = gateway({ webhookSecret: 'sinch-hmac-secret' }).readReceipts?.({
          ...request,
          headers,
        });
        expect(reading).toEqual({ kind: 'forged' });
      }
    });
  });
});
