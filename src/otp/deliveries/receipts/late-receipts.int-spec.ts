import { EUR } from '../../../../test/builders/delivery.builder';
import { useDatabase } from '../../../../test/support/mongo';
import { account, ReceiptWorld, ticket, told, type Sent } from '../../../../test/support/receipt-world';

describe('receipts of a verification that the slot has forgotten', () => {
  const test = useDatabase();
  let world: ReceiptWorld;
  beforeAll(async () => {
    world = await ReceiptWorld.open(test);
  });
  beforeEach(() => world.slots.clear());

  async function forgotten(): Promise<Sent> {
    const one = await world.sent();
    await world.sent(one.slotId);
    await world.slots.relayAll();
    expect(await world.deliveryOf(one)).toBeUndefined();
    return one;
  }
  const copyOf = async ({ verificationId }: Sent) =>
    (await world.slots.copies()).find(({ _id }) => _id === verificationId);
  const eventsOf = async ({ verificationId }: Sent) => {
    await world.slots.relayAll();
    const all = (await world.slots.logged()).filter((event) => event.verificationId === verificationId);
    return all.map(({ seq, type }) => `${seq} ${type}`).sort();
  };

  it('go to the read model, with an event of the next number', async () => {
    const { reports, feedback } = world.instance();
    const one = await forgotten();
    const before = await world.slots.slot(one.slotId);
    await reports.take('acme', ticket(one), [told(one, { state: 'sent', price: EUR(7) })]);
    expect(await copyOf(one)).toMatchObject({ seq: 3, rev: 1, deliveries: [{ state: 'sent' }] });
    await reports.take('acme', ticket(one), [told(one)]);
    expect(await copyOf(one)).toMatchObject({
      seq: 4,
      status: 'superseded',
      deliveries: [{ state: 'delivered' }],
    });
    expect(await eventsOf(one)).toEqual(['1 created', '2 sent', '3 superseded', '4 delivered']);
    expect((await world.slots.logged()).at(-1)).toMatchObject({
      _id: `${one.verificationId}.000004`,
      applicationId: 'app',
      purpose: 'default',
      data: { deliveryId: one.deliveryId, provider: 'acme', state: 'delivered', errorCode: null },
    });
    expect(feedback).toMatchObject([{ kind: 'delivered' }]);
    expect(await world.slots.slot(one.slotId)).toEqual(before);
  });

  it('still put the number on the block list when they tell of a STOP', async () => {
    const { reports, stops } = world.instance();
    const one = await forgotten();
    const { recipient } = await world.slots.slot(one.slotId);
    await reports.take('acme', ticket(one), [told(one, { state: 'undelivered', reason: 'opted-out' })]);
    expect(stops).toEqual(
      [{ applicationId: 'app', recipient, masked: null, author: 'receipt:acme' }].map(
        (stop) => expect.objectContaining(stop) as unknown,
      ),
    );
  });

  // Catches: two that take the same number, an event without its state or the other way round.
  it('many at once, different ones too, are each taken once', async () => {
    const { reports, feedback } = world.instance();
    const one = await forgotten();
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

  // Catches: a state that is written before its event, or beside it.
  it('leave neither state nor event when one of the two could not be written, and may be repeated', async () => {
    const { reports } = world.instance();
    const one = await forgotten();
    const { audit } = world.slots;
    const record = audit.record.bind(audit);
    Object.assign(audit, { record: () => Promise.reject(new Error('the log is down')) });
    await expect(reports.take('acme', ticket(one), [told(one)])).rejects.toThrow();
    expect(await copyOf(one)).toMatchObject({ seq: 3, deliveries: [{ state: 'accepted' }] });
    Object.assign(audit, { record });
    await reports.take('acme', ticket(one), [told(one)]);
    expect(await copyOf(one)).toMatchObject({ seq: 4, deliveries: [{ state: 'delivered' }] });
    expect(await eventsOf(one)).toEqual(['1 created', '2 sent', '3 superseded', '4 delivered']);
  });

  it('and whose slot is gone altogether', async () => {
    const { reports, counters } = world.instance();
    const one = await forgotten();
    await test.durableDb.collection('slots').deleteMany({});
    await reports.take('acme', account, [told(one)]);
    expect(await copyOf(one)).toMatchObject({ deliveries: [{ state: 'delivered' }] });
    expect(counters.report()).toMatchObject({ late: 1, unknown: 0 });
  });

  it('not by another gateway', async () => {
    const { reports, counters } = world.instance();
    const one = await forgotten();
    await reports.take('other', account, [told(one)]);
    expect(await copyOf(one)).toMatchObject({ seq: 3, deliveries: [{ state: 'accepted' }] });
    expect(counters.report()).toMatchObject({ late: 0, unknown: 1 });
  });

  // Catches: a receipt that is acknowledged although it came to a tombstone between look-up and write.
  it('are not lost when it forgets while they are on their way', async () => {
    const { reports, finder } = world.instance();
    const one = await world.sent();
    const find = finder.find.bind(finder);
    Object.assign(finder, {
      find: async (...args: Parameters<typeof find>) => {
        const found = await find(...args);
        await world.sent(one.slotId);
        await world.slots.relayAll();
        return found;
      },
    });
    await reports.take('acme', ticket(one), [told(one)]);
    expect(await copyOf(one)).toMatchObject({ deliveries: [{ state: 'delivered' }] });
  });
});
