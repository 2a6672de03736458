import { aMessage } from '../testing/message';
import { closeGateways } from './configured-gateways';
import { noSenders } from '../../test/builders/senders';
import { defaultLimits, type Gateway } from './gateway';
import { readOutcome, readReceipts, soundGateway } from './sound-gateway';

const strange = { outcome: 'unknown', vendorCode: 'strange-answer' };
const throwing = (field: string, told: object = {}) =>
  Object.defineProperty({ ...told }, field, {
    enumerable: true,
    get: () => {
      throw new Error('a getter');
    },
  });
const signal = new AbortController().signal;
const gatewayThat = (methods: Partial<Record<keyof Gateway, () => unknown>>): Gateway =>
  soundGateway({ send: () => Promise.resolve({ outcome: 'accepted' }), ...(methods as Partial<Gateway>) });

describe('the outcome of a send', () => {
  it.each([
    { outcome: 'accepted' },
    {
      outcome: 'accepted',
      reference: 'r',
      parts: 2,
      price: { micros: 1, currency: 'EUR' },
      receiptReferences: ['a'],
    },
    { outcome: 'rejected', reason: 'rate-limited', retryAfterMs: 5, limitOf: 'sender', vendorCode: '7' },
    { outcome: 'unknown', vendorCode: '7' },
  ])('is what the gateway said: %j', (told) => expect(readOutcome(told)).toEqual(told));

  // Catches: an outcome that nobody has a rule for, and a crash where it is looked at.
  it.each([
    undefined,
    null,
    'accepted',
    1,
    [],
    {},
    { outcome: 'ok' },
    { outcome: 'rejected' },
    { outcome: 'rejected', reason: 'because' },
    throwing('outcome'),
    throwing('reference', { outcome: 'accepted' }),
  ])('is unknown where it is none: %#', (told) => expect(readOutcome(told)).toEqual(strange));

  // A text that was taken is not sent once more because its price was told badly.
  it('keeps what decides, without the facts that are none', () => {
    const facts = {
      reference: 5,
      parts: 1.5,
      price: { micros: 0.1, currency: 'EUR' },
      receiptReferences: ['a', 1],
    };
    expect(readOutcome({ outcome: 'accepted', ...facts })).toEqual({ outcome: 'accepted' });
    expect(readOutcome({ outcome: 'accepted', price: 0.05, parts: -1 })).toEqual({ outcome: 'accepted' });
    const more = { vendorCode: {}, retryAfterMs: NaN, limitOf: 'me' };
    expect(readOutcome({ outcome: 'rejected', reason: 'rate-limited', ...more })).toEqual({
      outcome: 'rejected',
      reason: 'rate-limited',
    });
  });
});

describe('a gateway of anybody', () => {
  it('has the abilities that it has, and no other', () => {
    expect(Object.keys(gatewayThat({}))).toEqual(['send']);
    const able = { balance: () => 1, prices: () => 1, readReceipts: () => 1, close: () => 1 };
    expect(Object.keys(gatewayThat(able)).sort()).toEqual([
      'balance',
      'close',
      'prices',
      'readReceipts',
      'send',
    ]);
  });

  it.each<[string, () => unknown, object]>([
    ['throws', () => JSON.parse('{') as unknown, { kind: 'retry' }],
    ['rejects', () => Promise.reject(new Error('x')), { kind: 'retry' }],
    ['answers nothing', () => undefined, { kind: 'malformed' }],
    ['answers another word', () => ({ kind: 'fine' }), { kind: 'malformed' }],
    ['answers no list', () => ({ kind: 'receipts', receipts: {} }), { kind: 'malformed' }],
    ['answers a getter that throws', () => throwing('kind'), { kind: 'malformed' }],
    ['shakes hands with no text', () => ({ kind: 'handshake', body: {} }), { kind: 'malformed' }],
    [
      'answers a page',
      () => ({ kind: 'handshake', body: 'x', contentType: 'text/html' }),
      { kind: 'handshake', body: 'x' },
    ],
  ])('that %s when it reads receipts is answered for', async (_what, readReceiptsOf, reading) => {
    const gateway = gatewayThat({ readReceipts: readReceiptsOf });
    expect(await gateway.readReceipts?.({} as never)).toEqual(reading);
  });

  it('reports receipts of which every one is one', () => {
    const told = { state: 'delivered', clientReference: 'c', parts: '2', reason: 'because', price: 7 };
    expect(readReceipts([told])).toEqual([{ state: 'delivered', clientReference: 'c' }]);
    expect(readReceipts([told, { state: 'lost' }])).toBeNull();
    expect(readReceipts('x')).toBeNull();
  });

  it.each([undefined, {}, 5, { micros: 0.5, currency: 'EUR' }, { micros: 5, currency: '€' }])(
    'has told no balance with %j',
    async (told) => {
      await expect(gatewayThat({ balance: () => told }).balance?.(signal)).rejects.toThrow('no balance');
    },
  );

  it.each([
    undefined,
    {},
    [{ country: 'ES', channel: 'fax', price: { micros: 1, currency: 'EUR' } }],
    [null],
  ])('has told no prices with %j', async (told) => {
    await expect(gatewayThat({ prices: () => told }).prices?.(signal)).rejects.toThrow(/no price/);
  });

  // Catches: a shutdown that waits for somebody else's code for good.
  it('does not hold the end of the process up', async () => {
    const gateway = gatewayThat({ close: () => new Promise(() => undefined) });
    const configured = {
      title: 'Acme',
      gateway,
      channels: ['sms'] as const,
      limits: defaultLimits,
      senders: noSenders,
    };
    await expect(closeGateways(new Map([['x', configured]]), 20)).resolves.toBeUndefined();
  });

  it('sends through what it was made from', async () => {
    const gateway = gatewayThat({ send: () => ({ outcome: 'sent' }) });
    expect(await gateway.send(aMessage(), signal)).toEqual(strange);
  });
});
