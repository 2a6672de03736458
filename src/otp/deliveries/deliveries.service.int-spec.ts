import { mongo as driver, type mongo } from 'mongoose';
import { receiptLinks } from '../../../test/builders/receipt-links';
import { createConstants } from '../../../test/builders/slot.builder';
import { smsServiceWith } from '../../../test/builders/sms-service';
import { aMessage } from '../../../test/contracts/sms-provider.contract';
import { FakeSmsProvider } from '../../../test/fakes/sms-provider.fake';
import { useDatabase } from '../../../test/support/mongo';
import { defaultDelivery } from '../../sms/routing/delivery-rules';
import { systemClock, type Clock } from '../../common/clock';
import { newId } from '../../common/ids';
import { SlotRepository } from '../slots/slot.repository';
import { DeliveriesService, LEASE_MS, type Dispatch } from './deliveries.service';

describe('deliveries', () => {
  const test = useDatabase();

  function setup(clock: Clock = systemClock) {
    const gateway = new FakeSmsProvider();
    const slots = new SlotRepository(test.durableDb);
    const sms = smsServiceWith({ fake: gateway }, '*:fake', { clock });
    const deliveries = new DeliveriesService(slots, sms, receiptLinks(test.durableDb, 'fake'), clock);
    return { gateway, slots, deliveries };
  }

  /** A verification whose first delivery is leased to `deliveries`, not yet started. */
  async function leased(slots: SlotRepository, deliveries: DeliveriesService): Promise<Dispatch> {
    const slotId = newId();
    const leaseStart = systemClock.monotonic();
    const constants = { ...createConstants(), leaseOwner: deliveries.owner, leaseMs: LEASE_MS };
    await slots.create(slotId, constants);
    return {
      slotId,
      verificationId: constants.record.id,
      deliveryId: constants.delivery.id,
      leaseN: 1,
      leaseStart,
      message: { ...aMessage({ to: '+12015550123', country: 'US', code: '111111' }), applicationId: 'app' },
      routes: null,
      rules: defaultDelivery,
      exclude: [],
    };
  }

  const stateOf = async (slots: SlotRepository, dispatch: Dispatch) => {
    const found = await slots.findByKey(dispatch.slotId);
    return { delivery: found?.slot.current.deliveries[0], now: found?.now };
  };

  it('calls the gateway and writes down what it said', async () => {
    const { gateway, slots, deliveries } = setup();
    const dispatch = await leased(slots, deliveries);
    deliveries.start(dispatch);
    await deliveries.settled(dispatch.deliveryId, 5_000);
    expect(gateway.messages).toMatchObject([{ id: dispatch.deliveryId, code: '111111' }]);
    const { delivery } = await stateOf(slots, dispatch);
    expect(delivery).toMatchObject({
      state: 'accepted',
      provider: 'fake',
      reference: 'fake',
      errorCode: null,
    });
    expect(delivery?.attempts).toMatchObject([{ provider: 'fake', outcome: 'accepted' }]);
    expect(delivery).not.toHaveProperty('lease');
  });

  it('tells the gateway where to report', async () => {
    const { gateway, slots, deliveries } = setup();
    const dispatch = await leased(slots, deliveries);
    deliveries.start(dispatch);
    await deliveries.settled(dispatch.deliveryId, 5_000);
    const name = dispatch.verificationId + dispatch.deliveryId;
    expect(gateway.messages[0]?.receiptUrl).toMatch(
      new RegExp(`^https://verify\\.example\\.com/v1/receipts/fake/${name}`),
    );
    expect(gateway.messages[0]?.accountReceiptUrl).toMatch(/\/v1\/receipts\/fake\/[\w-]{43}$/);
  });

  // Catches: references written after the result. A crash in between would leave receipts without a delivery.
  it('remembers the ids under which receipts will come before it writes the result', async () => {
    const { gateway, slots, deliveries } = setup();
    gateway.once({ outcome: 'accepted', reference: 'a', receiptReferences: ['a', 'b'] });
    const dispatch = await leased(slots, deliveries);
    let known: unknown = null;
    const write = slots.result.bind(slots);
    Object.assign(slots, {
      result: async (...args: Parameters<typeof write>) => {
        known = await test.durableDb.collection('receipt_references').find().toArray();
        return write(...args);
      },
    });
    deliveries.start(dispatch);
    await deliveries.settled(dispatch.deliveryId, 5_000);
    const { verificationId, deliveryId } = dispatch;
    const expiresAt = expect.any(Date) as Date;
    expect(known).toEqual([
      { _id: 'fake:a', verificationId, deliveryId, expiresAt },
      { _id: 'fake:b', verificationId, deliveryId, expiresAt },
    ]);
  });

  it('waits for an outcome no longer than it was asked to', async () => {
    const { gateway, slots, deliveries } = setup();
    gateway.answers('hang');
    const dispatch = await leased(slots, deliveries);
    deliveries.start(dispatch);
    await deliveries.settled(dispatch.deliveryId, 50);
    expect((await stateOf(slots, dispatch)).delivery?.state).toBe('sending');
    await deliveries.settled(dispatch.deliveryId, 6_000);
    expect((await stateOf(slots, dispatch)).delivery).toMatchObject({
      state: 'unknown',
      errorCode: 'timeout',
    });
  });

  // Catches: an attempt started although its gateway time-out ends after the lease, beside the job's own.
  it('starts no attempt that could outlast the lease, and leaves the delivery to the job', async () => {
    const { gateway, slots, deliveries } = setup();
    const dispatch = await leased(slots, deliveries);
    deliveries.start({ ...dispatch, leaseStart: dispatch.leaseStart - LEASE_MS + 1_500 });
    await deliveries.settled(dispatch.deliveryId, 5_000);
    expect(gateway.messages).toEqual([]);
    expect((await stateOf(slots, dispatch)).delivery).toMatchObject({ state: 'sending', lease: { n: 1 } });
  });

  it('refuses creates when a thousand texts wait', async () => {
    const { gateway, slots, deliveries } = setup();
    gateway.answers('hang');
    const dispatch = await leased(slots, deliveries);
    for (let i = 0; i < 999; i++) deliveries.start({ ...dispatch, deliveryId: `${i}` });
    deliveries.admit();
    deliveries.start({ ...dispatch, deliveryId: 'last' });
    expect(() => deliveries.admit()).toThrow(expect.objectContaining({ code: 'unavailable' }) as Error);
  });

  // Catches: a lease that is kept over a shutdown, which holds the text up for another half minute.
  it('finishes on shutdown what ends in time, and releases the rest for another instance', async () => {
    const { gateway, slots, deliveries } = setup();
    gateway.once({ outcome: 'accepted' }).answers('ignore-signal');
    const [quick, stuck] = [await leased(slots, deliveries), await leased(slots, deliveries)];
    deliveries.start(quick);
    // Held back by a gateway that ignores its time limit; the service above it gives up after 4 s, so take it away.
    Object.assign(deliveries, { sms: { deliver: () => new Promise(() => undefined) } });
    deliveries.start(stuck);
    await deliveries.beforeApplicationShutdown();
    expect((await stateOf(slots, quick)).delivery?.state).toBe('accepted');
    const { delivery, now } = await stateOf(slots, stuck);
    expect(delivery).toMatchObject({ state: 'sending', lease: { owner: deliveries.owner } });
    expect(delivery?.lease?.until.getTime()).toBeLessThanOrEqual(now?.getTime() ?? 0);
    expect(() => deliveries.admit()).toThrow(expect.objectContaining({ code: 'unavailable' }) as Error);
  });

  it('writes a result again when the database did not take it, as the same operation', async () => {
    const { slots, deliveries } = setup();
    const dispatch = await leased(slots, deliveries);
    const write = slots.result.bind(slots);
    const operations: string[] = [];
    const flaky: typeof write = async (slotId, constants) => {
      operations.push(constants.op);
      if (operations.length === 1) throw new Error('lost');
      return write(slotId, constants);
    };
    Object.assign(slots, { result: flaky });
    deliveries.start(dispatch);
    await deliveries.settled(dispatch.deliveryId, 6_000);
    expect(operations).toEqual([operations[0], operations[0]]);
    expect((await stateOf(slots, dispatch)).delivery?.state).toBe('accepted');
  });

  // Catches: a result that a fail-over swallowed counted as written; the job then sends the text a second time.
  it('writes a result again when nobody knows whether the database took it', async () => {
    const { slots, deliveries } = setup();
    const dispatch = await leased(slots, deliveries);
    Object.assign(deliveries, { slots: new SlotRepository(losingFirstUpdate(test.durableDb)) });
    deliveries.start(dispatch);
    await deliveries.settled(dispatch.deliveryId, 6_000);
    expect((await stateOf(slots, dispatch)).delivery?.state).toBe('accepted');
  });
});

/** A database whose connection breaks before its first update arrives. */
function losingFirstUpdate(db: mongo.Db): mongo.Db {
  let isFirst = true;
  const command = (document: mongo.BSON.Document) => {
    if (!isFirst || !('update' in document)) return db.command(document);
    isFirst = false;
    return Promise.reject(new driver.MongoNetworkError('connection closed'));
  };
  return { command } as unknown as mongo.Db;
}

describe('overload of the commit', () => {
  const db = { command: () => new Promise(() => undefined) } as unknown as mongo.Db;

  it('shows as operations waiting, which creates give way to before checks do', async () => {
    const slots = new SlotRepository(db);
    const all = Array.from({ length: 502 }, () => slots.create(newId(), createConstants()));
    expect(slots.waiting).toBe(501);
    await Promise.allSettled(all);
    expect(slots.waiting).toBe(0);
  });
});
