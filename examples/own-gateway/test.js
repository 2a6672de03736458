import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { GatewayEmulator, httpGatewayContract } from 'sixdigit/testing';
import gateway from './gateway.js';
import { ask, startSixdigit } from './rig.js';

const bodyOf = ({ body }) => JSON.parse(body);

describe('the gateway against the contract of all gateways', () => {
  httpGatewayContract({
    definition: gateway,
    settings: (baseUrl) => ({ token: 'secret-token', from: 'ACME', baseUrl }),
    secrets: ['secret-token'],
    accepted: { status: 202, body: { id: 'p-1' }, reference: 'p-1' },
    number: '+34600987123',
    numberIn: (request) => bodyOf(request).to,
    errors: [
      [
        'a number that does not exist',
        422,
        { error: 'unknown_number' },
        rejected('invalid-number', 'unknown_number'),
      ],
      ['somebody who said STOP', 422, { error: 'unsubscribed' }, rejected('opted-out', 'unsubscribed')],
      ['an empty account', 402, { error: 'balance_empty' }, rejected('no-credit', 'balance_empty')],
      ['a text that is not taken', 422, { error: 'text_refused' }, rejected('content', 'text_refused')],
      ['a false token', 401, { error: 'token' }, rejected('unauthorized', '401')],
    ],
    validity: { sms: { secondsIn: (request) => bodyOf(request).ttl } },
    strange2xx: 'unknown',
  });
});

function rejected(reason, vendorCode) {
  return { outcome: 'rejected', reason, vendorCode };
}

describe('Sixdigit with the gateway', () => {
  const ends = [];
  const key = 'an-api-key-for-this-test-0123456789abcdef';
  let vendor, url;
  const call = (path, body) => ask(url, path, key, body);
  const env = (baseUrl) => ({
    PLUGINS: './gateway.js',
    SMS_ROUTES: '*:pigeon',
    SMS_PIGEON_FROM: 'ACME',
    SMS_PIGEON_BASE_URL: baseUrl,
    BOOTSTRAP_API_KEY: key,
  });

  before(async () => {
    vendor = await GatewayEmulator.start();
    ends.push(() => vendor.stop());
    ({ url } = await startSixdigit(ends, { ...env(vendor.url), SMS_PIGEON_TOKEN: 'secret-token' }));
  });
  after(async () => {
    for (const end of ends.reverse()) await end();
  });

  const started = (to) =>
    ask(url, '/v1/verifications', key, { to }, { prefer: 'wait=10' }).then(({ id, deliveries }) => ({
      id,
      delivery: deliveries[0],
    }));

  it('sends codes by it', async () => {
    vendor.answer(202, { id: 'p-7' });
    const { id, delivery } = await started('+12015550181');
    assert.deepEqual([delivery.provider, delivery.state], ['pigeon', 'accepted']);
    const { to, text } = bodyOf(vendor.lastRequest);
    assert.equal(to, '+12015550181');
    const [code] = /\d{6}/.exec(text);
    assert.equal((await call(`/v1/verifications/${id}/checks`, { code })).valid, true);
  });

  it('tells why a message was refused, in the words of all gateways', async () => {
    vendor.answer(422, { error: 'unknown_number' });
    const { delivery } = await started('+12015550182');
    assert.deepEqual([delivery.state, delivery.errorCode], ['rejected', 'invalid-number']);
  });

  it('does not start without its settings, and says which', async () => {
    await assert.rejects(startSixdigit(ends, env(vendor.url)), /SMS_PIGEON_TOKEN/);
  });
});
