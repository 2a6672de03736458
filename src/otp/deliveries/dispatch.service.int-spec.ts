import { mongo as driver, type mongo } from 'mongoose';
import { DispatchInstance, stored, TO } from '../../../test/support/dispatch-instance';
import { useDatabase } from '../../../test/support/mongo';
import { systemClock } from '../../common/clock';
import { SlotRepository } from '../slots/slot.repository';
import type { ResultCommand } from '../slots/rules/delivery/result';
import { SlotsService } from '../slots/slots.service';
import type { ClaimedDelivery } from './dispatch.service';
import { LEASE_MS } from './lease';

const unavailable = expect.objectContaining({ code: 'unavailable' }) as Error;

describe('deliveries', () => {
  const test = useDatabase();
  const start = () => new DispatchInstance(test);

  it('calls the gateway and writes down what it said', async () => {
    const here = start();
    const sent = await here.sent();
    expect(here.fake.messages).toMatchObject([{ id: sent.deliveryId, code: '111111', to: TO }]);
    const { delivery } = await stored(here, sent);
    expect(delivery).toMatchObject({
      state: 'accepted',
      provider: 'fake',
      reference: 'fake',
      errorCode: null,
    });
    expect(delivery?.attempts).toMatchObject([{ provider: 'fake', outcome: 'accepted' }]);
    expect(delivery).not.toHaveProperty('lease');
  });

  // Catches: a life of ten minutes for every code, whatever the policy says and however late it is sent.
  it('tells the gateway how long the code lives', async () => {
    const here = start();
    const { slot, now } = await here.sent();
    const lifeMs = slot.current.expiresAt.getTime() - now.getTime();
    const left = here.fake.messages[0]?.secondsLeft ?? NaN;
    expect(left).toBeLessThanOrEqual(lifeMs / 1_000);
    expect(left).toBeGreaterThan(lifeMs / 1_000 - 10);
  });

  it('tells the gateway where to report', async () => {
    const here = start();
    const { slot, deliveryId } = await here.sent();
    const name = slot.current.id + deliveryId;
    expect(here.fake.messages[0]?.receiptUrl).toMatch(
      new RegExp(`^https://verify\\.example\\.com/v1/receipts/fake/${name}`),
    );
    expect(here.fake.messages[0]?.accountReceiptUrl).toMatch(/\/v1\/receipts\/fake\/[\w-]{43}$/);
  });

  // Catches: references written after the result. A crash in between would leave receipts without a delivery.
  it('remembers the ids under which receipts will come before it writes the result', async () => {
    const here = start();
    here.fake.once({ outcome: 'accepted', reference: 'a', receiptReferences: ['a', 'b'] });
    let known: unknown = null;
    const write = here.slots.result.bind(here.slots);
    Object.assign(here.slots, {
      result: async (...args: Parameters<typeof write>) => {
        known = await test.durableDb.collection('receipt_references').find().toArray();
        return write(...args);
      },
    });
    const { slot, deliveryId } = await here.sent();
    const expiresAt = expect.any(Date) as Date;
    expect(known).toEqual([
      { _id: 'fake:a', verificationId: slot.current.id, deliveryId, expiresAt },
      { _id: 'fake:b', verificationId: slot.current.id, deliveryId, expiresAt },
    ]);
  });

  // Catches: a STOP that only receipts are asked for: most vendors refuse the call itself.
  it.each([
    ['opted-out', 1],
    ['blocked', 0],
  ] as const)(
    'that the gateway refuses as %s put the number on the block list: %s',
    async (reason, stops) => {
      const here = start();
      here.fake.once({ outcome: 'rejected', reason });
      const { slot } = await here.sent();
      const person = { applicationId: 'app', recipient: slot.recipient, masked: slot.current.masked };
      expect(here.stops).toEqual(stops === 0 ? [] : [{ ...person, author: 'gateway:fake' }]);
    },
  );

  it('waits for an outcome no longer than it was asked to', async () => {
    const here = start();
    here.fake.answers('hang');
    const claimed = await here.leased();
    await here.dispatch.send(claimed);
    await here.settled(claimed, 50);
    expect((await stored(here, claimed)).delivery?.state).toBe('sending');
    await here.settled(claimed);
    expect((await stored(here, claimed)).delivery).toMatchObject({ state: 'unknown', errorCode: 'timeout' });
  });

  // Catches: an attempt started although its gateway time-out ends after the lease, beside the job's own.
  it('starts no attempt that could outlast the lease, and leaves the delivery to the job', async () => {
    const here = start();
    const claimed = await here.leased();
    await here.dispatch.send({ ...claimed, leaseStart: claimed.leaseStart - LEASE_MS + 1_500 });
    await here.settled(claimed);
    expect(here.fake.messages).toEqual([]);
    expect((await stored(here, claimed)).delivery).toMatchObject({
      state: 'sending',
      lease: { n: 1, unused: true },
    });
  });

  it('refuses creates when a thousand texts wait', async () => {
    const here = start();
    let answer = () => {};
    here.fake.waitFor(new Promise((resolve) => (answer = resolve)));
    const claimed = await here.leased();
    for (let i = 0; i < 999; i++) await here.dispatch.send(named(claimed, `${i}`));
    here.dispatch.admit();
    await here.dispatch.send(named(claimed, 'last'));
    expect(() => here.dispatch.admit()).toThrow(unavailable);
    answer();
    await here.dispatch.beforeApplicationShutdown();
  });

  // Catches: a lease that is kept over a shutdown, which holds the text up for another half minute.
  it('finishes on shutdown what ends in time, and releases the rest for another instance', async () => {
    const here = start();
    here.fake.once({ outcome: 'accepted' });
    const [quick, stuck] = [await here.leased(), await here.leased()];
    await here.dispatch.send(quick);
    // Held back by a gateway that ignores its time limit; the service above it gives up after 4 s, so take it away.
    Object.assign(here.dispatch, { sms: { deliver: () => new Promise(() => undefined) } });
    await here.dispatch.send(stuck);
    await here.dispatch.beforeApplicationShutdown();
    expect((await stored(here, quick)).delivery?.state).toBe('accepted');
    const { delivery, now } = await stored(here, stuck);
    expect(delivery).toMatchObject({ state: 'sending', lease: { owner: here.dispatch.owner } });
    expect(delivery?.lease?.until.getTime()).toBeLessThanOrEqual(now.getTime());
    expect(() => here.dispatch.admit()).toThrow(unavailable);
  });

  it('calls the next gateway also when the database does not take the note in time', async () => {
    const here = new DispatchInstance(test, { route: '*:fake,other' });
    here.fake.answers({ outcome: 'unknown' });
    Object.assign(here.slots, { note: () => new Promise(() => undefined) });
    const sent = await here.sent();
    expect((await stored(here, sent)).delivery).toMatchObject({
      state: 'accepted',
      attempts: [{ provider: 'fake' }, { provider: 'other' }],
    });
  });

  it('writes a result again when the database did not take it, in the same words', async () => {
    const here = start();
    const write = here.slots.result.bind(here.slots);
    const commands: ResultCommand[] = [];
    const flaky: typeof write = async (slotId, command) => {
      commands.push(command);
      if (commands.length === 1) throw new Error('lost');
      return write(slotId, command);
    };
    Object.assign(here.slots, { result: flaky });
    const sent = await here.sent();
    expect(commands).toEqual([commands[0], commands[0]]);
    expect((await stored(here, sent)).delivery?.state).toBe('accepted');
  });

  // Catches: a result that a fail-over swallowed counted as written; the job then sends the text a second time.
  it('writes a result again when nobody knows whether the database took it', async () => {
    const { db, lost } = losingFirstUpdate(test.durableDb);
    const resultsTo = new SlotsService(new SlotRepository(db), systemClock);
    const here = new DispatchInstance(test, { resultsTo });
    const sent = await here.sent();
    expect(lost()).toBe(true);
    expect((await stored(here, sent)).delivery?.state).toBe('accepted');
  });
});

/** One more delivery of the same verification, as if it were in the slot. */
function named(claimed: ClaimedDelivery, deliveryId: string): ClaimedDelivery {
  const { current } = claimed.slot;
  const deliveries = current.deliveries.map((one) => ({ ...one, id: deliveryId }));
  return { ...claimed, deliveryId, slot: { ...claimed.slot, current: { ...current, deliveries } } };
}

/** A database whose connection breaks before its first update arrives. */
function losingFirstUpdate(db: mongo.Db): { db: mongo.Db; lost: () => boolean } {
  let isFirst = true;
  const command = (document: mongo.BSON.Document, options?: mongo.RunCommandOptions) => {
    if (!isFirst || !('update' in document)) return db.command(document, options);
    isFirst = false;
    return Promise.reject(new driver.MongoNetworkError('connection closed'));
  };
  return { db: { command } as unknown as mongo.Db, lost: () => !isFirst };
}
