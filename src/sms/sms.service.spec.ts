import { aDelivery } from '../../test/builders/deliver-input';
import { aRoute } from '../../test/builders/routes';
import { smsServiceWith } from '../../test/builders/sms-service';
import type { SmsServiceParts } from '../../test/builders/sms-service';
import { FakeGateway } from '../testing/fakes/fake-gateway';
import type { Gateway } from './gateway';
import type { ReceiptRequest } from './receipt';
import type { DeliverInput } from './sms.service';

function setup(
  routes: Parameters<typeof smsServiceWith>[1] = '*:one,two,three',
  parts: SmsServiceParts = {},
) {
  const [one, two, three] = [new FakeGateway(), new FakeGateway(), new FakeGateway()];
  const sms = smsServiceWith({ one, two, three }, routes, parts);
  const deliver = (more: Parameters<typeof aDelivery>[0] = {}) => sms.deliver(aDelivery(more));
  return { sms, deliver, one, two, three };
}

describe('SmsService', () => {
  describe('a delivery', () => {
    it('gives the message to the first gateway and says what came of it', async () => {
      const { deliver, one, two } = setup();
      one.answers({ outcome: 'accepted', reference: 'ref-1', receiptReferences: ['part-1', 'part-2'] });
      expect(await deliver()).toEqual({
        outcome: 'accepted',
        provider: 'one',
        reference: 'ref-1',
        errorCode: null,
        receiptReferences: ['part-1', 'part-2'],
        vendorCode: null,
        attempts: [
          {
            provider: 'one',
            outcome: 'accepted',
            reason: null,
            vendorCode: null,
            latencyMs: expect.any(Number),
            reference: 'ref-1',
            parts: 1,
            estimate: null,
            price: null,
          },
        ],
      });
      expect(two.messages).toEqual([]);
    });

    it('shows a gateway the message and nothing else of what the caller knows', async () => {
      const { deliver, one } = setup();
      const { routes, exclude, rules, deadlineMs, deliveryId, codeEndsAt, ...message } = aDelivery();
      const known = { routes, exclude, rules, deadlineMs, deliveryId, codeEndsAt, mayStart: () => true };
      await deliver({ ...message, ...known });
      expect(one.messages).toEqual([
        {
          ...message,
          id: deliveryId,
          receiptUrl: null,
          accountReceiptUrl: null,
          sender: null,
          secondsLeft: Infinity,
        },
      ]);
    });

    // Catches: one address for all, so that the receipt of one gateway is read as another's.
    it('gives each gateway its own address for receipts', async () => {
      const { deliver, one, two } = setup();
      one.answers({ outcome: 'rejected', reason: 'unavailable' });
      await deliver({ receiptUrlFor: (gateway, scope) => `${gateway} ${scope}` });
      const given = [...one.messages, ...two.messages];
      expect(given.map(({ receiptUrl, accountReceiptUrl }) => [receiptUrl, accountReceiptUrl])).toEqual([
        ['one message', 'one account'],
        ['two message', 'two account'],
      ]);
    });
  });

  describe('a code that dies', () => {
    const clockAt = (world: { now: number }) => ({ now: () => world.now, monotonic: () => world.now });

    // Catches: the seconds of the moment when the delivery began, told to a gateway that is asked much later.
    it('leaves each gateway the whole seconds that are left when it is called', async () => {
      const world = { now: 10_000 };
      const { deliver, one, two } = setup('*:one,two', { clock: clockAt(world) });
      one.answers({ outcome: 'rejected', reason: 'unavailable' });
      const seen: number[] = [];
      for (const gateway of [one, two]) {
        const send = gateway.send.bind(gateway);
        gateway.send = (message, signal) => {
          seen.push(message.secondsLeft);
          world.now += 2_500;
          return send(message, signal);
        };
      }
      await deliver({ codeEndsAt: 40_900 });
      expect(seen).toEqual([30, 28]);
    });

    // Catches: a call that starts when nobody could type the code any more.
    it('is not sent any more', async () => {
      const world = { now: 10_000 };
      const { deliver, one } = setup('*:one', { clock: clockAt(world) });
      expect(await deliver({ codeEndsAt: 10_100 })).toMatchObject({ outcome: 'unknown', attempts: [] });
      expect(one.messages).toEqual([]);
    });
  });

  describe('a route', () => {
    it('of the country goes before that of all others', async () => {
      const { deliver } = setup('*:one;ES:two');
      expect((await deliver()).provider).toBe('two');
      expect((await deliver({ country: 'PT' })).provider).toBe('one');
      expect((await deliver({ country: null })).provider).toBe('one');
    });

    it("of the application is taken instead of the server's", async () => {
      const { deliver } = setup();
      expect((await deliver({ routes: aRoute('*:three') })).provider).toBe('three');
    });

    it('is that of the channel', async () => {
      const { deliver } = setup({ sms: '*:one', voice: '*:two' });
      expect((await deliver({ channel: 'voice' })).provider).toBe('two');
      expect(await deliver({ channel: 'email' })).toMatchObject({ provider: null, errorCode: 'no-route' });
    });

    it('passes over a gateway that the server has no settings for', async () => {
      const { deliver } = setup();
      const routes = aRoute('*:gone,two');
      expect(await deliver({ routes })).toMatchObject({ provider: 'two', attempts: [{ provider: 'two' }] });
    });

    // Catches: an application's route for calls that hands a spoken text to a gateway for texts.
    it('passes over a gateway that cannot carry the channel', async () => {
      const { deliver, one } = setup({}, { traits: { one: { channels: ['sms'] } } });
      const routes = aRoute('*:one,two');
      expect(await deliver({ channel: 'voice', routes })).toMatchObject({ provider: 'two' });
      expect(one.messages).toEqual([]);
    });

    // Catches: `exclude` forgotten, so that the gateway that just failed is asked a second time.
    it('leaves out the gateways that are excluded', async () => {
      const { deliver, one } = setup();
      expect(await deliver({ exclude: ['one'] })).toMatchObject({
        provider: 'two',
        attempts: [{ provider: 'two' }],
      });
      const all = { exclude: ['one', 'two', 'three'] };
      expect(await deliver(all)).toMatchObject({ outcome: 'rejected', errorCode: 'no-route', attempts: [] });
      expect(one.messages).toEqual([]);
    });

    it('that leads nowhere is a rejection without an attempt', async () => {
      const { deliver } = setup('PT:one');
      expect(await deliver()).toEqual({
        outcome: 'rejected',
        provider: null,
        reference: null,
        errorCode: 'no-route',
        vendorCode: null,
        attempts: [],
        receiptReferences: [],
      });
    });

    it('shares the messages of a priority by weight', async () => {
      const tickets = [0, 69, 70, 99];
      const random = { int: (max: number) => (max === 100 ? (tickets.shift() ?? 0) : 0) };
      const { deliver } = setup('*:one*70|two*30,three', { random });
      const taken = [await deliver(), await deliver(), await deliver(), await deliver()];
      expect(taken.map(({ provider }) => provider)).toEqual(['one', 'one', 'two', 'two']);
    });

    it('falls back within a priority before it goes to the next', async () => {
      const { deliver, one, two } = setup('*:one*1|two*99,three', { random: { int: () => 0 } });
      one.answers({ outcome: 'rejected', reason: 'no-credit' });
      expect((await deliver()).provider).toBe('two');
      two.answers({ outcome: 'rejected', reason: 'no-credit' });
      expect((await deliver()).provider).toBe('three');
    });
  });

  describe('asked what there is', () => {
    it('names candidates as they are most likely tried, without those that cannot carry the channel', () => {
      const { sms } = setup('*:one*10|two*90,three', { traits: { three: { channels: ['voice'] } } });
      expect(sms.candidates('sms', 'ES', null)).toEqual(['two', 'one']);
      expect(sms.candidates('sms', null, aRoute('*:gone,one'))).toEqual(['one']);
      expect(sms.candidates('voice', 'ES', null)).toEqual([]);
      expect(sms.candidates('voice', 'ES', aRoute('*:three'))).toEqual(['three']);
    });

    it('offers a channel that some gateway can carry', () => {
      const sms = smsServiceWith({ one: new FakeGateway() }, '*:one', {
        traits: { one: { channels: ['sms', 'voice'] } },
      });
      expect(['sms', 'voice', 'email'].map((channel) => sms.offers(channel as 'sms'))).toEqual([
        true,
        true,
        false,
      ]);
      expect(sms.gatewayNames()).toEqual(['one']);
    });

    const reading = { kind: 'receipts', receipts: [] } as const;
    const able: Gateway = {
      send: () => Promise.resolve({ outcome: 'accepted' }),
      readReceipts: () => reading,
      balance: () => Promise.resolve({ micros: 5, currency: 'EUR' }),
      prices: () => Promise.resolve([]),
    };

    it('asks the gateway that can tell', async () => {
      const sms = smsServiceWith({ able, plain: new FakeGateway() }, '*:able');
      const { signal } = new AbortController();
      const request = {} as ReceiptRequest;
      expect(await sms.readReceipts('able', request)).toBe(reading);
      expect(await sms.balance('able', signal)).toEqual({ micros: 5, currency: 'EUR' });
      expect(sms.supports('able')).toEqual({ receipts: true, balance: true, prices: true });
    });

    it.each(['plain', 'nobody'])('knows nothing where nobody can tell: %s', async (gateway) => {
      const sms = smsServiceWith({ able, plain: new FakeGateway() }, '*:able');
      const { signal } = new AbortController();
      expect(await sms.readReceipts(gateway, {} as ReceiptRequest)).toBeNull();
      expect(await sms.balance(gateway, signal)).toBeNull();
      expect(sms.supports(gateway)).toEqual({ receipts: false, balance: false, prices: false });
    });
  });

  describe('what it costs', () => {
    const prices = {
      priceOf: (gateway: string, country: string | null, channel: string) =>
        gateway === 'one' && country === 'ES' && channel === 'sms'
          ? { micros: 30_000, currency: 'EUR' }
          : null,
      pricesOf: () => [],
    };
    const long: Pick<DeliverInput, 'text'> = { text: `Your code is 483920. ${'x'.repeat(150)}` };
    const estimates = async (answer: Parameters<FakeGateway['answers']>[0], more = {}) => {
      const { deliver, one } = setup('*:one', { prices });
      one.answers(answer);
      return (await deliver({ ...long, ...more })).attempts.map(({ parts, estimate, price }) => ({
        parts,
        estimate,
        price,
      }));
    };

    it('is estimated as the price of one part times the parts', async () => {
      expect(await estimates({ outcome: 'accepted' })).toEqual([
        { parts: 2, estimate: { micros: 60_000, currency: 'EUR' }, price: null },
      ]);
    });

    it('takes the parts that the gateway tells, and keeps its price apart', async () => {
      const price = { micros: 123, currency: 'USD' };
      expect(await estimates({ outcome: 'accepted', parts: 3, price })).toEqual([
        { parts: 3, estimate: { micros: 90_000, currency: 'EUR' }, price },
      ]);
    });

    it('is estimated also where the message may have been taken', async () => {
      expect(await estimates({ outcome: 'unknown' })).toMatchObject([{ estimate: { micros: 60_000 } }]);
    });

    it('is nothing for what was refused, and unknown without a price', async () => {
      expect(await estimates({ outcome: 'rejected', reason: 'content' })).toMatchObject([{ estimate: null }]);
      expect(await estimates({ outcome: 'accepted' }, { country: 'PT' })).toMatchObject([{ estimate: null }]);
    });

    it('counts one part on every channel but sms', async () => {
      const { deliver } = setup({ voice: '*:one' });
      expect((await deliver({ ...long, channel: 'voice' })).attempts).toMatchObject([{ parts: 1 }]);
    });
  });

  it('never lets number or code into the result', async () => {
    const { deliver, one, two, three } = setup();
    one.answers({ outcome: 'rejected', reason: 'content' });
    two.answers({ outcome: 'rejected', reason: 'content', vendorCode: '+34600987123 483920' });
    three.answers('throw');
    expect(JSON.stringify(await deliver({ rules: { onUnknown: 'wait' } }))).not.toMatch(/600987123|483920/);
  });
});
