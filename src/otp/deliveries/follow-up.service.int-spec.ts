import { DispatchInstance } from '../../../test/support/dispatch-instance';
import { useDatabase } from '../../../test/support/mongo';
import { SlotWorld } from '../../../test/support/slot-world';
import type { DeliveryRecord } from '../slots/slot';
import type { ClaimedDelivery } from './dispatch.service';

const test = useDatabase();
let world: SlotWorld;
beforeAll(async () => {
  world = await SlotWorld.open(test);
});
beforeEach(() => world.clear());

const start = (parts: ConstructorParameters<typeof DispatchInstance>[1] = {}) =>
  new DispatchInstance(test, parts);
const deliveriesOf = async ({ slot }: ClaimedDelivery): Promise<readonly DeliveryRecord[]> =>
  (await world.slot(slot._id)).current.deliveries;
const textsOf = (...instances: DispatchInstance[]) => instances.flatMap(({ fake }) => fake.messages);
const callsOf = (...instances: DispatchInstance[]) => instances.flatMap(({ other }) => other.messages);
/** The last delivery has its result. */
const settled = async (claimed: ClaimedDelivery, ...instances: DispatchInstance[]) => {
  const last = (await deliveriesOf(claimed)).at(-1);
  for (const { dispatch } of instances) await dispatch.settled(last?.id ?? '', 6_000);
};

describe('a delivery whose sender died', () => {
  /** Leased to an instance that is gone, for longer than a lease lasts. */
  const orphan = async () => {
    const claimed = await start().leased();
    await world.age(claimed.slot._id, 30_000);
    return claimed;
  };
  const redispatch = ({ followUps }: DispatchInstance, { slot, deliveryId }: ClaimedDelivery) =>
    followUps.redispatch(slot, { verificationId: slot.current.id, deliveryId });

  it('is sent by whoever takes it over, with the same code and name', async () => {
    const claimed = await orphan();
    const here = start();
    expect(await redispatch(here, claimed)).toBe('claimed');
    await settled(claimed, here);
    expect(textsOf(here)).toMatchObject([{ id: claimed.deliveryId, code: '111111' }]);
    const [delivery] = await deliveriesOf(claimed);
    expect(delivery).toMatchObject({ state: 'accepted', provider: 'fake' });
    expect(delivery).not.toHaveProperty('lease');
  });

  // Catches: calls that nobody wrote down before the next: a crash after each of them would double the texts.
  it('costs no more calls than one message may, however its owners died, and asks nobody twice', async () => {
    const first = start({ route: '*:fake,other' });
    const claimed = await first.leased();
    first.fake.answers({ outcome: 'unknown' });
    first.other.answers('hang');
    await first.dispatch.send(claimed);
    await first.dispatch.settled(claimed.deliveryId, 500);
    expect((await deliveriesOf(claimed))[0]).toMatchObject({
      state: 'sending',
      attempts: [{ provider: 'fake', outcome: 'unknown' }],
    });
    await world.age(claimed.slot._id, 30_000);
    const next = start({ route: '*:fake,other' });
    expect(await redispatch(next, claimed)).toBe('claimed');
    await settled(claimed, next);
    expect([textsOf(next).length, callsOf(next).length]).toEqual([0, 1]);
    expect((await deliveriesOf(claimed))[0]).toMatchObject({
      state: 'accepted',
      lostCalls: 1,
      attempts: [{ provider: 'fake' }, { provider: 'other', outcome: 'accepted' }],
    });
    // The first one was not dead, only slow: what it says now changes nothing.
    await first.settled(claimed);
    expect((await deliveriesOf(claimed))[0]?.attempts).toHaveLength(2);
  });

  it('is given up when its calls are spent', async () => {
    const claimed = await orphan();
    const here = start({ settings: { delivery: { maxCalls: 1 } } });
    expect(await redispatch(here, claimed)).toBe('abandoned');
    expect(textsOf(here)).toEqual([]);
  });

  // Catches: a paused instance that goes on to the next gateway beside the one that took over.
  it('is called no more by an instance that has lost its lease', async () => {
    const first = start({ route: '*:fake,other' });
    const claimed = await first.leased();
    let answer = () => {};
    first.fake.waitFor(new Promise((resolve) => (answer = resolve))).answers({ outcome: 'unknown' });
    await first.dispatch.send(claimed);
    await world.age(claimed.slot._id, 30_000);
    const next = start();
    await redispatch(next, claimed);
    await settled(claimed, next);
    answer();
    await first.settled(claimed);
    expect([textsOf(first).length, callsOf(first).length]).toEqual([1, 0]);
  });

  // Catches: a claim that is not guarded by the version of the slot.
  it('is sent once, however many instances take it over at once', async () => {
    for (let round = 0; round < 5; round++) {
      const claimed = await orphan();
      const all = [start(), start(), start()];
      const outcomes = await Promise.all(all.map((one) => redispatch(one, claimed)));
      await settled(claimed, ...all);
      expect(outcomes.sort()).toEqual(['claimed', 'nothing', 'nothing']);
      expect(textsOf(...all)).toHaveLength(1);
    }
  });

  // Catches: a result of an instance that was paused over the end of its lease.
  it('takes no result of its first sender any more', async () => {
    const first = start();
    const claimed = await first.leased();
    await world.age(claimed.slot._id, 30_000);
    const next = start();
    let answer = () => {};
    next.fake.waitFor(new Promise((resolve) => (answer = resolve)));
    await redispatch(next, claimed);
    await first.dispatch.send(claimed);
    await first.settled(claimed);
    const [delivery] = await deliveriesOf(claimed);
    expect(delivery).toMatchObject({ state: 'sending', lease: { owner: next.dispatch.owner, n: 2 } });
    answer();
    await settled(claimed, next);
  });

  it('is not taken over by an instance that goes down: what it released would come back to it', async () => {
    const claimed = await orphan();
    const here = start();
    await here.dispatch.beforeApplicationShutdown();
    expect(await redispatch(here, claimed)).toBeNull();
    expect((await deliveriesOf(claimed))[0]).toMatchObject({ lease: { n: 1 } });
  });

  it('is given up when its verification has ended', async () => {
    const claimed = await orphan();
    await world.create(claimed.slot._id);
    const here = start();
    expect(await redispatch(here, claimed)).toBe('abandoned');
    expect(textsOf(here)).toEqual([]);
  });
});

describe('a code that was not typed in time', () => {
  const channels = ['sms', 'voice'] as const;
  const waited = async (ms = 60_000) => {
    const claimed = await start().sent({ channels });
    await world.age(claimed.slot._id, ms);
    return claimed;
  };
  const followUp = async ({ followUps, slots }: DispatchInstance, { slot }: ClaimedDelivery) => {
    const read = await slots.find(slot._id);
    return read && followUps.followUp(read.slot, read.now);
  };

  it('goes out on the next channel, as an event, and waits for nothing after the last', async () => {
    const claimed = await waited();
    const here = start();
    expect(await followUp(here, claimed)).toBe('followed');
    await settled(claimed, here);
    expect(callsOf(here)).toMatchObject([{ code: '111111', channel: 'voice' }]);
    const { current, outbox } = await world.slot(claimed.slot._id);
    expect(current.deliveries).toMatchObject([
      { channel: 'sms', state: 'accepted' },
      { channel: 'voice', state: 'accepted', provider: 'other' },
    ]);
    expect(current).not.toHaveProperty('followAt');
    expect(outbox.map(({ type }) => type)).toEqual(['created', 'sent', 'failed_over', 'sent']);
  });

  // Catches: no fence. Two instances would mean two calls for one code.
  it('goes out once, however many instances follow up at once', async () => {
    for (let round = 0; round < 5; round++) {
      const claimed = await waited();
      const all = [start(), start(), start()];
      const outcomes = await Promise.all(all.map((one) => followUp(one, claimed)));
      await settled(claimed, ...all);
      expect(outcomes.sort()).toEqual(['followed', 'moved_on', 'moved_on']);
      expect(callsOf(...all)).toHaveLength(1);
      expect((await world.slot(claimed.slot._id)).sends).toHaveLength(2);
    }
  });

  // Catches: a fence that a resend between look and write does not move: two messages at the same moment.
  it('does not go out when a person asked again between look and write', async () => {
    const claimed = await waited();
    const here = start();
    const read = await here.slots.find(claimed.slot._id);
    const { leaseStart: _, ...lease } = here.dispatch.newLease();
    await here.slots.resend(claimed.slot._id, {
      ...{ applicationId: 'app', actor: 'key:test', op: 'resend', keyed: false, ...lease },
      verificationId: claimed.slot.current.id,
      delivery: { id: 'asked', channel: 'sms', locale: null, appHash: null, webOtpDomain: null },
    });
    expect(await here.followUps.followUp(read!.slot, read!.now)).toBe('moved_on');
    expect(callsOf(here)).toEqual([]);
  });

  it('does not go out for an application that is disabled', async () => {
    const claimed = await waited();
    const here = start({ settings: { disabled: true } });
    expect(await followUp(here, claimed)).toBe('nothing');
    expect(callsOf(here)).toEqual([]);
    expect((await world.slot(claimed.slot._id)).current).not.toHaveProperty('followAt');
  });

  it('does not go out from an instance that goes down', async () => {
    const claimed = await waited();
    const here = start();
    await here.dispatch.beforeApplicationShutdown();
    expect(await followUp(here, claimed)).toBeNull();
    expect((await world.slot(claimed.slot._id)).current).toHaveProperty('followAt');
  });
});

describe('a text that a receipt says did not arrive', () => {
  it('goes out by another gateway, and by that one only', async () => {
    const route = '*:fake,other';
    const here = start({ route });
    const claimed = await here.sent();
    await here.slots.receipt(claimed.slot._id, {
      actor: 'job:receipt',
      verificationId: claimed.slot.current.id,
      deliveryId: claimed.deliveryId,
      gateway: 'fake',
      proven: false,
      receipts: [
        {
          state: 'undelivered',
          reason: 'unreachable',
          reference: null,
          part: null,
          parts: null,
          price: null,
        },
      ],
      withinMs: 120_000,
    });
    const { slot, now } = (await here.slots.find(claimed.slot._id))!;
    expect(await here.followUps.followUp(slot, now)).toBe('followed');
    await settled(claimed, here);
    expect([textsOf(here).length, callsOf(here).length]).toEqual([1, 1]);
    expect(await deliveriesOf(claimed)).toMatchObject([
      { state: 'undelivered', provider: 'fake' },
      { state: 'accepted', provider: 'other', exclude: ['fake'] },
    ]);
  });
});
