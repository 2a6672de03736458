import { UndiciHttpClient } from '../../src/common/outbound/http-client.service';
import { gateways } from '../../src/sms/gateways.generated';
import { gatewayTools } from '../../src/testing/contracts/gateway-tools';
import { aReceiptRequest } from '../../src/testing/contracts/receipts.contract';

const http = new UndiciHttpClient({ allowPrivate: true });
afterAll(() => http.close());

const json = (body: object) => aReceiptRequest({ body: Buffer.from(JSON.stringify(body)) });
const get = (fields: Record<string, string>) =>
  aReceiptRequest({
    method: 'GET',
    url: `https://verify.example.com/v1/receipts/x/secret?${new URLSearchParams(fields).toString()}`,
  });

/** A receipt with this word, of each gateway that reads unsigned ones; SMPP and the signed ones have it in their specs. */
const vendors: Readonly<
  Record<string, [settings: object, withWord: (word: string) => ReturnType<typeof json>]>
> = {
  http: [
    {
      url: 'https://sms.example/send',
      body: '{"to":"{{to}}","text":"{{text}}","dlr":"{{receiptUrl}}"}',
      receiptStatePath: 'state',
      receiptDelivered: 'OK',
    },
    (state) => json({ state }),
  ],
  infobip: [
    { apiKey: 'k', from: 'A', baseUrl: 'abc.api.infobip.com' },
    (name) => json({ results: [{ messageId: 'm', status: { name, groupName: 'NEW_GROUP' } }] }),
  ],
  labsmobile: [
    { username: 'u', token: 't' },
    (desc) => get({ subid: 'm', acklevel: 'network', status: 'done', desc }),
  ],
  messagebird: [{ accessKey: 'k', from: 'A' }, (status) => get({ id: 'm', status })],
  sinch: [
    { servicePlanId: 'p', apiToken: 't' },
    (status) => json({ type: 'recipient_delivery_report_sms', batch_id: 'm', status, code: 0 }),
  ],
  telnyx: [
    { apiKey: 'k', from: '+12015550123' },
    (status) => json({ data: { event_type: 'message.finalized', payload: { id: 'm', to: [{ status }] } } }),
  ],
  'vonage-sms': [
    { apiKey: 'k', apiSecret: 's', from: 'A' },
    (status) => get({ messageId: 'm', status, 'err-code': '99' }),
  ],
};

// Catches: a receipt that is dropped, or called malformed, because of its word: then nothing follows.
describe.each(Object.entries(vendors))('a receipt of %s', (name, [settings, withWord]) => {
  const definition = gateways[name]!;
  const gateway = definition.create(definition.config.parse(settings), gatewayTools(http));

  it.each([
    ['MESSAGE_FAILED', 'undelivered'],
    ['NOT_DELIVERED', 'undelivered'],
    ['REJECTED_ODDLY', 'undelivered'],
    ['BUFFRED', 'sent'],
    ['DELIVRD', 'delivered'],
    ['LEVITATING', 'unknown'],
  ])('with the word %s, which its table has not, is read as %s', async (word, state) => {
    expect(await gateway.readReceipts?.(withWord(word))).toMatchObject({
      kind: 'receipts',
      receipts: [{ state, unknownWord: word }],
    });
  });
});
