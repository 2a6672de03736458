import { mongo as driver, type mongo } from 'mongoose';
import { createConstants, newDelivery } from '../../../../test/builders/slot.builder';
import { useDatabase } from '../../../../test/support/mongo';
import { attempt, EUR } from '../../../../test/support/receipt-world';
import { SlotWorld } from '../../../../test/support/slot-world';
import type { Application } from '../../../applications/application';
import { AuditService } from '../../../audit/audit.service';
import { RelayService } from '../../relay/relay.service';
import { systemClock } from '../../../common/clock';
import { newId } from '../../../common/ids';
import type { GatewayFeedback } from '../../../sms/sms.service';
import type { SmsReceipt } from '../../../sms/receipt';
import type { DeliveryRecord } from '../../slots/slot';
import { SlotRepository } from '../../slots/slot.repository';
import { LateReceipts } from './late-receipts.service';
import type { DeliveryName } from './links/receipt-address';
import { ReceiptReferences } from './links/receipt-references.repository';
import { ReceiptCounters } from './receipt-counters';
import { ReceiptFinder } from './receipt-finder.service';
import { ReceiptReports } from './receipt-reports.service';

type Sent = DeliveryName & { readonly slotId: string };
const account = { kind: 'account' } as const;
const ticket = (name: DeliveryName) => ({ kind: 'ticket', ...name }) as const;
const told = (name: DeliveryName, more: Partial<SmsReceipt> = {}): SmsReceipt => ({
  state: 'delivered',
  clientReference: name.verificationId + name.deliveryId,
  ...more,
});

describe('receipts and the deliveries that they are about', () => {
  const test = useDatabase();
  let world: SlotWorld;
  let drain: RelayService;
  beforeAll(async () => {
    world = await SlotWorld.open(test);
    drain = new RelayService(world.slots, world.log, world.history);
  });
  beforeEach(() => world.clear());

  function setup(failoverWithinSeconds = 120, fault: (command: object) => void = () => undefined) {
    const commits: number[] = [];
    const slots = new SlotRepository(counted(test.durableDb, commits, fault));
    const counters = new ReceiptCounters();
    const references = new ReceiptReferences(test.durableDb);
    const feedback: GatewayFeedback[] = [];
    const audit = new AuditService(world.inbox, systemClock);
    const finder = new ReceiptFinder(references, slots, counters);
    const reports = new ReceiptReports(
      finder,
      slots,
      new LateReceipts(test.connection, world.history, audit, counters),
      { find: () => Promise.resolve({ settings: { delivery: { failoverWithinSeconds } } } as Application) },
      { feedback: (one) => void feedback.push(one) },
    );
    return { reports, slots, counters, references, feedback, commits, finder };
  }

  /** A delivery that the gateway `acme` took under the reference `acme-1`. */
  async function sent(slots: SlotRepository, slotId: string = newId(), provider = 'acme'): Promise<Sent> {
    const delivery = newDelivery();
    const constants = createConstants({ delivery, whenPending: 'replace', cooldownMs: 0 });
    const name = { verificationId: constants.record.id, deliveryId: delivery.id };
    await slots.create(slotId, constants);
    await slots.result(slotId, {
      ...name,
      op: newId(),
      actor: 'job:test',
      leaseOwner: 'me',
      leaseN: 1,
      result: { state: 'accepted', provider, reference: `${provider}-1`, errorCode: null },
      attempts: [attempt(provider)],
      withinMs: 0,
    });
    return { slotId, ...name };
  }
  async function deliveryOf({ slotId, verificationId }: Sent): Promise<DeliveryRecord | undefined> {
    const { current, past } = await world.slot(slotId);
    const record = [current, ...past].find(({ id }) => id === verificationId);
    return record && 'deliveries' in record ? record.deliveries[0] : undefined;
  }

  // Catches: a write for each receipt of a vendor's batch.
  it('a batch over many slots is written together', async () => {
    const { reports, slots, commits, feedback } = setup();
    const all = await Promise.all(Array.from({ length: 50 }, () => sent(slots)));
    commits.length = 0;
    await reports.take('acme', account, [
      ...all.map((one) => told(one, { state: 'sent' })),
      ...all.map((one) => told(one)),
    ]);
    // The first leaves at once, all others with the next commit; one statement each.
    expect(commits).toEqual([1, 1]);
    for (const one of all) expect(await deliveryOf(one)).toMatchObject({ state: 'delivered' });
    expect(feedback).toHaveLength(50);
  });

  it('what is learnt of a gateway is learnt once', async () => {
    const { reports, slots, feedback } = setup();
    const one = await sent(slots);
    for (const state of ['sent', 'delivered', 'delivered', 'undelivered'] as const)
      await reports.take('acme', ticket(one), [told(one, { state })]);
    expect(feedback).toEqual([{ gateway: 'acme', country: 'GB', channel: 'sms', kind: 'delivered' }]);
  });

  // Catches: numbers that do not exist, given by one application, turning all from a gateway that is well.
  it.each<[SmsReceipt['reason'], number]>([
    ['invalid-number', 0],
    ['blocked', 0],
    ['unreachable', 1],
    [undefined, 1],
  ])('undelivered because of %s teaches so much about the gateway: %s', async (reason, learnt) => {
    const { reports, slots, feedback } = setup();
    const one = await sent(slots);
    await reports.take('acme', ticket(one), [told(one, { state: 'undelivered', reason })]);
    expect(await deliveryOf(one)).toMatchObject({ state: 'undelivered' });
    expect(feedback).toHaveLength(learnt);
  });

  it('what follows a failure is for the application to say', async () => {
    for (const [within, due] of [
      [120, true],
      [0, false],
    ] as const) {
      const { reports, slots } = setup(within);
      const one = await sent(slots);
      await reports.take('acme', ticket(one), [told(one, { state: 'undelivered' })]);
      expect('followAt' in (await world.slot(one.slotId)).current).toBe(due);
    }
  });

  // Catches: a receipt that is acknowledged although its write may have been lost.
  it('are not acknowledged when nobody knows whether the database took them', async () => {
    const { slots } = setup();
    const one = await sent(slots);
    let isLost = true;
    const { reports } = setup(120, (command) => {
      if (isLost && 'update' in command) throw new driver.MongoNetworkError('connection closed');
    });
    await expect(reports.take('acme', ticket(one), [told(one)])).rejects.toMatchObject({
      code: 'unavailable',
    });
    isLost = false;
    await reports.take('acme', ticket(one), [told(one)]);
    expect(await deliveryOf(one)).toMatchObject({ state: 'delivered' });
  });

  describe('are found', () => {
    it('by the reference that was remembered, also when it is remembered a moment later', async () => {
      const { reports, slots, references, counters } = setup();
      const [one, two] = [await sent(slots), await sent(slots)];
      await references.remember('acme', ['smsc-1'], one);
      setTimeout(() => void references.remember('acme', ['smsc-2'], two), 100);
      await reports.take('acme', account, [
        { reference: 'smsc-1', state: 'delivered' },
        { reference: 'smsc-2', state: 'sent' },
        { reference: 'smsc-3', state: 'delivered' },
        { state: 'delivered' },
      ]);
      expect(await deliveryOf(one)).toMatchObject({ state: 'delivered' });
      expect(await deliveryOf(two)).toMatchObject({ state: 'sent' });
      expect(counters.report()).toMatchObject({ applied: 2, unknown: 2 });
    });

    // Catches: a gateway that speaks for another one, or under a reference that is not its own.
    it.each<[string, string, (one: Sent) => SmsReceipt]>([
      ['another gateway', 'other', (one) => told(one)],
      ['the gateway under another reference', 'acme', (one) => told(one, { reference: 'acme-2' })],
      ['a delivery that is none', 'acme', (one) => told({ ...one, deliveryId: newId() })],
      ['a verification that is none', 'acme', (one) => told({ ...one, verificationId: newId() })],
      ['a reference of another gateway', 'other', () => ({ reference: 'smsc-1', state: 'delivered' })],
    ])('not by %s', async (_name, gateway, receipt) => {
      const { reports, slots, counters, references, feedback } = setup();
      const one = await sent(slots);
      await references.remember('acme', ['smsc-1'], one);
      await reports.take(gateway, account, [receipt(one)]);
      expect(await deliveryOf(one)).toMatchObject({ state: 'accepted' });
      expect(counters.report()).toMatchObject({ applied: 0, late: 0, unknown: 1 });
      expect(feedback).toEqual([]);
    });
  });

  it('a state on the way and a price reach the read model without an event', async () => {
    const { reports, slots } = setup();
    const one = await sent(slots);
    await drain.drain();
    await reports.take('acme', ticket(one), [told(one, { state: 'sent', price: EUR(7) })]);
    await drain.drain();
    const copied = async () => (await world.copies())[0]?.deliveries[0];
    expect(await copied()).toMatchObject({ state: 'sent', attempts: [{ price: EUR(7) }] });
    expect((await world.slot(one.slotId)).current).not.toHaveProperty('uncopied');
    await reports.take('acme', ticket(one), [told(one)]);
    await drain.drain();
    await reports.take('acme', ticket(one), [told(one, { part: '1', price: EUR(9) })]);
    await drain.drain();
    expect(await copied()).toMatchObject({ state: 'delivered' });
    expect((await world.logged()).map(({ type }) => type)).toEqual(['created', 'sent', 'delivered']);
    expect(await world.slots.undrained(await world.slots.now(), 10)).toEqual([]);
  });

  describe('of a verification that the slot has forgotten', () => {
    async function forgotten(slots: SlotRepository): Promise<Sent> {
      const one = await sent(slots);
      await sent(slots, one.slotId);
      await drain.drain();
      expect(await deliveryOf(one)).toBeUndefined();
      return one;
    }
    const copyOf = async ({ verificationId }: Sent) =>
      (await world.copies()).find(({ _id }) => _id === verificationId);
    const eventsOf = async ({ verificationId }: Sent) => {
      await drain.drain();
      const all = (await world.logged()).filter((event) => event.verificationId === verificationId);
      return all.map(({ seq, type }) => `${seq} ${type}`).sort();
    };

    it('go to the read model, with an event of the next number', async () => {
      const { reports, slots, feedback } = setup();
      const one = await forgotten(slots);
      const before = await world.slot(one.slotId);
      await reports.take('acme', ticket(one), [told(one, { state: 'sent', price: EUR(7) })]);
      expect(await copyOf(one)).toMatchObject({ seq: 3, rev: 1, deliveries: [{ state: 'sent' }] });
      await reports.take('acme', ticket(one), [told(one)]);
      expect(await copyOf(one)).toMatchObject({
        seq: 4,
        status: 'superseded',
        deliveries: [{ state: 'delivered' }],
      });
      expect(await eventsOf(one)).toEqual(['1 created', '2 sent', '3 superseded', '4 delivered']);
      expect((await world.logged()).at(-1)).toMatchObject({
        _id: `${one.verificationId}.000004`,
        applicationId: 'app',
        purpose: 'default',
        data: { deliveryId: one.deliveryId, provider: 'acme', state: 'delivered', errorCode: null },
      });
      expect(feedback).toMatchObject([{ kind: 'delivered' }]);
      expect(await world.slot(one.slotId)).toEqual(before);
    });

    // Catches: two that take the same number, an event without its state or the other way round.
    it('many at once, different ones too, are each taken once', async () => {
      const { reports, slots, feedback } = setup();
      const one = await forgotten(slots);
      const states = ['delivered', 'undelivered', 'sent', 'accepted', 'delivered', 'undelivered'] as const;
      const calls = states.map((state) => reports.take('acme', ticket(one), [told(one, { state })]));
      await Promise.all(calls);
      const copy = await copyOf(one);
      const end = copy?.deliveries[0]?.state;
      expect(['delivered', 'undelivered']).toContain(end);
      expect(copy?.seq).toBe(4);
      expect(await eventsOf(one)).toEqual(['1 created', '2 sent', '3 superseded', `4 ${end}`]);
      expect(feedback).toMatchObject([{ kind: end }]);
    });

    it('and whose slot is gone altogether', async () => {
      const { reports, slots, counters } = setup();
      const one = await forgotten(slots);
      await test.durableDb.collection('slots').deleteMany({});
      await reports.take('acme', account, [told(one)]);
      expect(await copyOf(one)).toMatchObject({ deliveries: [{ state: 'delivered' }] });
      expect(counters.report()).toMatchObject({ late: 1, unknown: 0 });
    });

    it('not by another gateway', async () => {
      const { reports, slots, counters } = setup();
      const one = await forgotten(slots);
      await reports.take('other', account, [told(one)]);
      expect(await copyOf(one)).toMatchObject({ seq: 3, deliveries: [{ state: 'accepted' }] });
      expect(counters.report()).toMatchObject({ late: 0, unknown: 1 });
    });

    // Catches: a receipt that is acknowledged although it came to a tombstone between look-up and write.
    it('are not lost when it forgets while they are on their way', async () => {
      const { reports, slots, finder } = setup();
      const one = await sent(slots);
      const find = finder.find.bind(finder);
      Object.assign(finder, {
        find: async (...args: Parameters<typeof find>) => {
          const found = await find(...args);
          await sent(slots, one.slotId);
          await drain.drain();
          return found;
        },
      });
      await reports.take('acme', ticket(one), [told(one)]);
      expect(await copyOf(one)).toMatchObject({ deliveries: [{ state: 'delivered' }] });
    });
  });

  it('wait for people who have a code in their hands', async () => {
    const { reports, slots } = setup();
    const one = await sent(slots);
    Object.defineProperty(slots, 'waiting', { value: 501 });
    await expect(reports.take('acme', ticket(one), [told(one)])).rejects.toMatchObject({
      code: 'unavailable',
    });
  });
});

/** Notes each `update` command. */
function counted(db: mongo.Db, commits: number[], fault: (command: object) => void): mongo.Db {
  return new Proxy(db, {
    get: (target, property) => {
      if (property !== 'command') {
        const value: unknown = Reflect.get(target, property);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      }
      return async (command: mongo.BSON.Document) => {
        fault(command);
        if ('update' in command) commits.push((command['updates'] as unknown[]).length);
        return target.command(command);
      };
    },
  });
}
