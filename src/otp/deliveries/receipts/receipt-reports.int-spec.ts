import { mongo as driver } from 'mongoose';
import { EUR } from '../../../../test/builders/delivery.builder';
import { anAttempt } from '../../../../test/builders/slot-state.builder';
import { anAcceptance } from '../../../../test/builders/slot-commands.builder';
import { useDatabase } from '../../../../test/support/mongo';
import {
  account,
  newVerificationId,
  ReceiptWorld,
  ticket,
  told,
  type Sent,
} from '../../../../test/support/receipt-world';
import { newId } from '../../../common/ids';
import type { SmsReceipt } from '../../../sms/receipt';
import { hasNews } from '../../relay/relay-plan';

describe('receipts and the deliveries that they are about', () => {
  const test = useDatabase();
  let world: ReceiptWorld;
  beforeAll(async () => {
    world = await ReceiptWorld.open(test);
  });
  beforeEach(() => world.slots.clear());

  // Catches: a write for each receipt of a vendor's batch.
  it('a batch over many slots is written together', async () => {
    const { reports, commits, feedback } = world.instance();
    const all = await Promise.all(Array.from({ length: 50 }, () => world.sent()));
    commits.length = 0;
    await reports.take('acme', account, [
      ...all.map((one) => told(one, { state: 'sent' })),
      ...all.map((one) => told(one)),
    ]);
    // The first leaves at once, all others with the next commit.
    expect(commits).toEqual([1, 49]);
    for (const one of all) expect(await world.deliveryOf(one)).toMatchObject({ state: 'delivered' });
    expect(feedback).toHaveLength(50);
  });

  it('what is learnt of a gateway is learnt once', async () => {
    const { reports, feedback } = world.instance();
    const one = await world.sent();
    for (const state of ['sent', 'delivered', 'delivered', 'undelivered'] as const)
      await reports.take('acme', ticket(one), [told(one, { state })]);
    expect(feedback).toEqual([{ gateway: 'acme', country: 'GB', channel: 'sms', kind: 'delivered' }]);
  });

  // Catches: numbers that do not exist, given by one application, turning all from a gateway that is well.
  it.each<[SmsReceipt['reason'], number]>([
    ['invalid-number', 0],
    ['blocked', 0],
    ['opted-out', 0],
    ['unreachable', 1],
    [undefined, 1],
  ])('undelivered because of %s teaches so much about the gateway: %s', async (reason, learnt) => {
    const { reports, feedback } = world.instance();
    const one = await world.sent();
    await reports.take('acme', ticket(one), [told(one, { state: 'undelivered', reason })]);
    expect(await world.deliveryOf(one)).toMatchObject({ state: 'undelivered' });
    expect(feedback).toHaveLength(learnt);
  });

  describe('a STOP', () => {
    const optedOut = (one: Sent) => told(one, { state: 'undelivered', reason: 'opted-out' });
    afterEach(() => {
      world.stopFailure = null;
    });

    it('goes to the block list of the application, once, and names the gateway that told of it', async () => {
      const { reports, stops } = world.instance();
      const one = await world.sent();
      const { recipient, applicationId, current } = await world.slots.slot(one.slotId);
      await reports.take('acme', account, [optedOut(one), optedOut(one)]);
      expect(stops).toEqual([{ applicationId, recipient, masked: current.masked, author: 'receipt:acme' }]);
      expect(await world.deliveryOf(one)).toMatchObject({ state: 'undelivered', errorCode: 'opted-out' });
    });

    // Catches: the block of a person who sent START, back because a vendor repeated an old receipt.
    it('is not told twice: what was known does not bring back a block that was removed since', async () => {
      const { reports, stops } = world.instance();
      const one = await world.sent();
      await reports.take('acme', account, [optedOut(one)]);
      await reports.take('acme', account, [optedOut(one)]);
      expect(stops).toHaveLength(1);
    });

    // Catches: a STOP that is written down and acknowledged, and blocks nobody.
    it('is asked for again when the list could not be written', async () => {
      const { reports, stops } = world.instance();
      const one = await world.sent();
      world.stopFailure = new Error('no database');
      await expect(reports.take('acme', account, [optedOut(one)])).rejects.toThrow('no database');
      expect(await world.deliveryOf(one)).toMatchObject({ state: 'accepted' });
      world.stopFailure = null;
      await reports.take('acme', account, [optedOut(one)]);
      expect(stops).toHaveLength(1);
    });

    it.each<[string, (one: Sent) => SmsReceipt, string]>([
      [
        "a block that may be the operator's",
        (one) => told(one, { state: 'undelivered', reason: 'blocked' }),
        'acme',
      ],
      [
        'a number that does not exist',
        (one) => told(one, { state: 'undelivered', reason: 'invalid-number' }),
        'acme',
      ],
      ['a receipt of another gateway', optedOut, 'other'],
      ['a receipt that says delivered', (one) => told(one, { reason: 'opted-out' }), 'acme'],
    ])('is not %s', async (_, receipt, gateway) => {
      const { reports, stops } = world.instance();
      await reports.take(gateway, account, [receipt(await world.sent())]);
      expect(stops).toEqual([]);
    });
  });

  it('what follows a failure is for the application to say', async () => {
    for (const [within, due] of [
      [120, true],
      [0, false],
    ] as const) {
      const { reports } = world.instance(within);
      const one = await world.sent();
      await reports.take('acme', ticket(one), [told(one, { state: 'undelivered' })]);
      expect('followAt' in (await world.slots.slot(one.slotId)).current).toBe(due);
    }
  });

  // Catches: a receipt that is acknowledged although its write may have been lost.
  it('are not acknowledged when nobody knows whether the database took them', async () => {
    const one = await world.sent();
    let isLost = true;
    const { reports } = world.instance(120, (command) => {
      if (isLost && 'update' in command) throw new driver.MongoNetworkError('connection closed');
    });
    await expect(reports.take('acme', ticket(one), [told(one)])).rejects.toMatchObject({
      code: 'unavailable',
    });
    isLost = false;
    await reports.take('acme', ticket(one), [told(one)]);
    expect(await world.deliveryOf(one)).toMatchObject({ state: 'delivered' });
  });

  describe('are found', () => {
    it('by the reference that was remembered, also when it is remembered a moment later', async () => {
      const { reports, references, counters, drops } = world.instance();
      const [one, two] = [await world.sent(), await world.sent()];
      await references.remember('acme', ['smsc-1'], one);
      setTimeout(() => void references.remember('acme', ['smsc-2'], two), 100);
      await reports.take('acme', account, [
        { reference: 'smsc-1', state: 'delivered' },
        { reference: 'smsc-2', state: 'sent' },
        { reference: 'smsc-3', state: 'delivered' },
        { state: 'delivered' },
      ]);
      expect(await world.deliveryOf(one)).toMatchObject({ state: 'delivered' });
      expect(await world.deliveryOf(two)).toMatchObject({ state: 'sent' });
      expect(counters.report()).toMatchObject({ applied: 2, unknown: 2 });
      expect(drops).toEqual(['acme unknown-reference', 'acme no-reference']);
    });

    // Catches: a gateway that speaks for another one, or under a reference that is not its own.
    it.each<[string, string, (one: Sent) => SmsReceipt, string]>([
      ['another gateway', 'other', (one) => told(one), 'other-gateway'],
      [
        'the gateway under another reference',
        'acme',
        (one) => told(one, { reference: 'acme-2' }),
        'other-gateway',
      ],
      ['a delivery that is none', 'acme', (one) => told({ ...one, deliveryId: newId() }), 'unknown-delivery'],
      [
        'a verification that is none',
        'acme',
        (one) => told({ ...one, verificationId: newVerificationId() }),
        'unknown-delivery',
      ],
      [
        'another verification of the slot',
        'acme',
        (one) => told({ ...one, verificationId: newVerificationId(one.slotId) }),
        'unknown-delivery',
      ],
      [
        'a reference of another gateway',
        'other',
        () => ({ reference: 'smsc-1', state: 'delivered' }),
        'unknown-reference',
      ],
    ])('not by %s', async (_name, gateway, receipt, reason) => {
      const { reports, counters, drops, references, feedback } = world.instance();
      const one = await world.sent();
      await references.remember('acme', ['smsc-1'], one);
      await reports.take(gateway, account, [receipt(one)]);
      expect(await world.deliveryOf(one)).toMatchObject({ state: 'accepted' });
      expect(counters.report()).toMatchObject({ applied: 0, late: 0, unknown: 1 });
      expect(drops).toEqual([`${gateway} ${reason}`]);
      expect(feedback).toEqual([]);
    });
  });

  it('a state on the way and a price reach the read model without an event', async () => {
    const { reports } = world.instance();
    const one = await world.sent();
    await world.slots.relayAll();
    await reports.take('acme', ticket(one), [told(one, { state: 'sent', price: EUR(7) })]);
    await world.slots.relayAll();
    const copied = async () => (await world.slots.copies())[0]?.deliveries[0];
    expect(await copied()).toMatchObject({ state: 'sent', attempts: [{ price: EUR(7) }] });
    expect((await world.slots.slot(one.slotId)).current).not.toHaveProperty('uncopiedAt');
    await reports.take('acme', ticket(one), [told(one)]);
    await world.slots.relayAll();
    await reports.take('acme', ticket(one), [told(one, { part: '1', price: EUR(9) })]);
    await world.slots.relayAll();
    expect(await copied()).toMatchObject({ state: 'delivered' });
    expect((await world.slots.logged()).map(({ type }) => type)).toEqual(['created', 'sent', 'delivered']);
    expect(hasNews(await world.slots.slot(one.slotId))).toBe(false);
  });

  describe('that come before the answer of their gateway', () => {
    const silence = anAttempt({ outcome: 'unknown', reference: null, reason: 'timeout' });

    // Catches: a result that takes back what a receipt told, or an attempt that counts twice.
    it('are joined with it, and nothing that they told is taken back', async () => {
      const { reports, feedback } = world.instance();
      const one = await world.sending();
      await reports.take('acme', ticket(one), [told(one, { price: EUR(7) })]);
      expect(await world.deliveryOf(one)).toMatchObject({ state: 'delivered', lease: { owner: 'me' } });
      await world.slots.slots.result(one.slotId, {
        ...anAcceptance(one.command),
        result: { state: 'unknown', provider: 'acme', reference: null, errorCode: 'timeout' },
        attempts: [silence],
      });
      const delivery = await world.deliveryOf(one);
      expect(delivery).toMatchObject({ state: 'delivered', provider: 'acme', errorCode: null });
      expect(delivery?.attempts).toMatchObject([
        { outcome: 'unknown', receipt: 'delivered', price: EUR(7), latencyMs: silence.latencyMs },
      ]);
      expect(delivery).not.toHaveProperty('lease');
      expect(feedback).toHaveLength(1);
    });

    it('wait for it when they tell of a failure: the next gateway may be at it', async () => {
      const { reports, feedback } = world.instance();
      const one = await world.sending();
      await reports.take('acme', ticket(one), [told(one, { state: 'undelivered' })]);
      expect(await world.deliveryOf(one)).toMatchObject({ state: 'sending' });
      expect(feedback).toEqual([]);
      await world.slots.slots.result(one.slotId, anAcceptance(one.command));
      expect(await world.deliveryOf(one)).toMatchObject({ state: 'undelivered', provider: 'acme' });
    });

    it('and of which nobody wrote down that the gateway was asked, are believed by their ticket', async () => {
      const { reports, counters } = world.instance();
      const one = await world.sent();
      await reports.take('other', ticket(one), [told(one)]);
      expect(await world.deliveryOf(one)).toMatchObject({ state: 'delivered', provider: 'other' });
      expect(counters.report()).toMatchObject({ applied: 1 });
    });
  });

  it('wait for people who have a code in their hands', async () => {
    const { reports, slots } = world.instance();
    const one = await world.sent();
    Object.defineProperty(slots, 'waiting', { value: 501 });
    await expect(reports.take('acme', ticket(one), [told(one)])).rejects.toMatchObject({
      code: 'unavailable',
    });
  });
});
