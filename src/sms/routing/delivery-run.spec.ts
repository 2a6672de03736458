import { aDelivery } from '../../../test/builders/deliver-input';
import { smsServiceWith } from '../../../test/builders/sms-service';
import { threeGateways as setup } from '../../../test/builders/three-gateways';
import { defaultDelivery } from './delivery-rules';
import { rejectReasons } from '../gateway';
import type { RejectReason, SmsOutcome } from '../gateway';

const rejected = (reason: RejectReason): SmsOutcome => ({ outcome: 'rejected', reason });
const unknown: SmsOutcome = { outcome: 'unknown' };
const wait = { rules: { onUnknown: 'wait' } } as const;

describe('a refusal', () => {
  const final: RejectReason[] = ['invalid-number', 'blocked', 'opted-out'];
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  // Catches: a pause before the next gateway, as there is one before a second chance.
  it.each(rejectReasons.filter((reason) => !final.includes(reason)))(
    'leads to the next gateway at once: %s',
    async (reason) => {
      const { deliver, one } = setup();
      one.answers(rejected(reason));
      const done = jest.fn();
      void deliver().then(done);
      await jest.advanceTimersByTimeAsync(0);
      expect(done.mock.lastCall?.[0]).toMatchObject({
        outcome: 'accepted',
        provider: 'two',
        attempts: [{ provider: 'one', outcome: 'rejected', reason }, { provider: 'two' }],
      });
    },
  );

  // Catches: a permanent reason retried elsewhere, which costs money and goes round a block.
  it.each(final)('that holds everywhere ends the delivery: %s', async (reason) => {
    const { deliver, one, asked } = setup();
    one.answers(rejected(reason));
    expect(await deliver()).toMatchObject({ outcome: 'rejected', provider: 'one', errorCode: reason });
    expect(asked()).toEqual([1, 0, 0]);
  });

  it('of the last gateway is named when all refuse, and nobody is asked twice', async () => {
    const { deliver, asked, one, two, three } = setup();
    one.answers(rejected('no-credit'));
    two.answers(rejected('unavailable'));
    three.answers(rejected('rate-limited'));
    const { outcome, provider, errorCode, attempts } = await deliver();
    expect({ outcome, provider, errorCode }).toEqual({
      outcome: 'rejected',
      provider: 'three',
      errorCode: 'rate-limited',
    });
    expect(attempts.map(({ reason }) => reason)).toEqual(['no-credit', 'unavailable', 'rate-limited']);
    expect(asked()).toEqual([1, 1, 1]);
  });
});

describe('an outcome that may have been taken', () => {
  // Catches: unknown treated as final although the application would rather have a second text than none.
  it.each<SmsOutcome | 'throw'>([unknown, 'throw'])(
    'leads to the next gateway with the same code: %j',
    async (answer) => {
      const { deliver, one, two, sms } = setup();
      one.answers(answer);
      expect(await deliver()).toMatchObject({
        outcome: 'accepted',
        provider: 'two',
        errorCode: null,
        attempts: [{ provider: 'one', outcome: 'unknown', reason: 'gateway-error' }, { provider: 'two' }],
      });
      expect(two.lastCode()).toBe(one.lastCode());
      expect(sms.report().map(({ name, duplicates }) => [name, duplicates])).toEqual([
        ['one', 1],
        ['two', 0],
        ['three', 0],
      ]);
    },
  );

  // Catches: a second text although the application said wait.
  it.each<SmsOutcome | 'throw'>([unknown, 'throw'])('ends the delivery under `wait`: %j', async (answer) => {
    const { deliver, one, asked, sms } = setup();
    one.answers(answer);
    expect(await deliver(wait)).toMatchObject({
      outcome: 'unknown',
      provider: 'one',
      errorCode: 'gateway-error',
    });
    expect(asked()).toEqual([1, 0, 0]);
    expect(sms.report()[0]?.duplicates).toBe(0);
  });

  it('is one possible duplicate, however many gateways refuse before one takes it', async () => {
    const { deliver, one, two, sms } = setup();
    one.once(unknown);
    two.answers(rejected('content'));
    expect(await deliver()).toMatchObject({ outcome: 'accepted', provider: 'three' });
    expect(sms.report()[0]?.duplicates).toBe(1);
  });

  // Catches: "rejected" told of a code that may be on its way, which gives the send back and invites another.
  it('stays unknown when every other gateway refuses', async () => {
    const { deliver, one, two, three } = setup();
    one.answers(unknown);
    two.answers(rejected('no-credit'));
    three.answers(rejected('blocked'));
    expect(await deliver()).toMatchObject({
      outcome: 'unknown',
      provider: 'one',
      errorCode: 'gateway-error',
    });
  });
});

describe('time', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it.each(['hang', 'ignore-signal'] as const)(
    'ends an attempt after 4 s when the gateway does this: %s',
    async (answer) => {
      const { deliver, one } = setup();
      one.answers(answer);
      const delivery = deliver(wait);
      await jest.advanceTimersByTimeAsync(defaultDelivery.attemptTimeoutMs);
      expect(await delivery).toMatchObject({ outcome: 'unknown', errorCode: 'timeout' });
      expect(jest.getTimerCount()).toBe(0);
    },
  );

  // Catches: the application's own patience ignored.
  it("ends an attempt after the application's own time", async () => {
    const { deliver, one } = setup();
    one.answers('hang');
    const delivery = deliver({ rules: { attemptTimeoutMs: 1_000 } });
    await jest.advanceTimersByTimeAsync(1_000);
    expect(await delivery).toMatchObject({ outcome: 'accepted', provider: 'two' });
  });

  it('goes on to the next gateway when it is certain that the one in time-out was never reached', async () => {
    const { deliver, one } = setup();
    jest
      .spyOn(one, 'send')
      .mockImplementation(
        (_message, signal) =>
          new Promise((resolve) => signal.addEventListener('abort', () => resolve(rejected('unavailable')))),
      );
    const delivery = deliver(wait);
    await jest.advanceTimersByTimeAsync(4_000);
    expect(await delivery).toMatchObject({ outcome: 'accepted', provider: 'two' });
  });

  it('starts nothing when the time left is too short for an attempt, and says so without an attempt', async () => {
    const { deliver, asked } = setup();
    expect(await deliver({ deadlineMs: 400 })).toMatchObject({
      outcome: 'unknown',
      provider: null,
      errorCode: 'timeout',
      attempts: [],
    });
    expect(asked()).toEqual([0, 0, 0]);
  });

  it('leaves room for one attempt under the shortest rules', async () => {
    const { deliver } = setup();
    const rules = { attemptTimeoutMs: 1_000, deadlineMs: 1_000 };
    expect(await deliver({ rules })).toMatchObject({ outcome: 'accepted' });
  });

  it.each([{ deadlineMs: 2_000 }, { rules: { deadlineMs: 2_000 } }])(
    'shortens the last attempt so that it ends before the deadline: %j',
    async (limits) => {
      const { deliver, one } = setup();
      one.answers('hang');
      let ended = false;
      const delivery = deliver(limits).finally(() => (ended = true));
      await jest.advanceTimersByTimeAsync(2_000);
      expect(ended).toBe(true);
      await delivery;
    },
  );

  it('never takes longer than 15 s by the usual rules, whatever the gateways do', async () => {
    const { deliver, one, two, three } = setup();
    [one, two, three].forEach((gateway) => gateway.answers('hang'));
    const crowd = Array.from({ length: 320 }, () => deliver({ deadlineMs: 60_000 }));
    let ended = 0;
    crowd.forEach((delivery) => void delivery.then(() => (ended += 1)));
    await jest.advanceTimersByTimeAsync(defaultDelivery.deadlineMs);
    expect(ended).toBe(crowd.length);
    expect(jest.getTimerCount()).toBe(0);
  });
});

describe('a gateway that is not well', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  async function broken() {
    const world = setup('*:one,two');
    world.one.answers(rejected('unavailable'));
    for (let i = 0; i < 5; i += 1) await world.deliver();
    world.one.messages.splice(0);
    return world;
  }

  // Catches: a breaker that never opens, so that each code waits for a dead gateway first.
  it('is passed over while there is another', async () => {
    const { deliver, asked, sms } = await broken();
    expect(await deliver()).toMatchObject({
      provider: 'two',
      attempts: [{ provider: 'one', outcome: 'skipped', reason: 'breaker-open' }, { provider: 'two' }],
    });
    expect(asked()[0]).toBe(0);
    expect(sms.report()[0]?.destinations).toMatchObject([
      { country: 'ES', channel: 'sms', state: 'open', cause: 'calls', calls: 5, successRate: 0 },
    ]);
  });

  it('is still used for other countries and channels', async () => {
    const { deliver, one } = await broken();
    one.answers({ outcome: 'accepted' });
    expect((await deliver({ country: 'PT' })).provider).toBe('one');
  });

  // Catches: a breaker that makes a code unsendable.
  it('is asked all the same when the others refuse, or are not well either', async () => {
    const { deliver, one, two } = await broken();
    one.answers({ outcome: 'accepted' });
    two.answers(rejected('unavailable'));
    const outcomes = [];
    for (let i = 0; i < 6; i += 1) outcomes.push(await deliver());
    expect(outcomes.map(({ provider }) => provider)).toEqual(Array(6).fill('one'));
    // By now both are open, and they are tried in order.
    expect(outcomes.at(-1)?.attempts.map(({ provider }) => provider)).toEqual(['one']);
  });

  // Catches: a breaker that never half-opens.
  it('is tried again by one message when its pause is over, and by all when that was accepted', async () => {
    const { deliver, one } = await broken();
    one.answers('hang');
    await jest.advanceTimersByTimeAsync(10_000);
    const probe = deliver();
    expect(await deliver()).toMatchObject({ attempts: [{ outcome: 'skipped' }, { provider: 'two' }] });
    await jest.advanceTimersByTimeAsync(4_000);
    expect(await probe).toMatchObject({ attempts: [{ provider: 'one' }, { provider: 'two' }] });
    one.answers({ outcome: 'accepted' });
    await jest.advanceTimersByTimeAsync(20_000);
    expect([(await deliver()).provider, (await deliver()).provider]).toEqual(['one', 'one']);
  });

  it('is passed over when it takes everything and delivers nothing', async () => {
    const { deliver, sms } = setup('*:one,two');
    for (let i = 0; i < 20; i += 1) {
      await deliver();
      sms.feedback({ gateway: 'one', country: 'ES', channel: 'sms', kind: 'undelivered' });
    }
    expect((await deliver()).provider).toBe('two');
  });

  it('is passed over when hardly any of its codes is ever typed', async () => {
    const { deliver, sms } = setup('*:one,two');
    for (let i = 0; i < 30; i += 1)
      sms.feedback({ gateway: 'one', country: 'ES', channel: 'sms', kind: 'unconverted' });
    sms.feedback({ gateway: 'nobody', country: 'ES', channel: 'sms', kind: 'unconverted' });
    expect((await deliver()).provider).toBe('two');
  });
});

describe('a gateway that asks for a pause', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());
  const tooMany = (retryAfterMs?: number): SmsOutcome => ({
    outcome: 'rejected',
    reason: 'rate-limited',
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });

  // Catches: a 429 that pauses every gateway.
  it('gets it for all countries, and nobody else does', async () => {
    const { deliver, one, sms } = setup('*:one,two;PT:one,three');
    one.once(tooMany(3_000));
    expect((await deliver()).provider).toBe('two');
    expect((await deliver({ country: 'PT' })).provider).toBe('three');
    expect(sms.report().map(({ pauses }) => pauses.length)).toEqual([1, 0, 0]);
    expect(sms.report()[0]?.pauses).toEqual([
      { channel: 'sms', sender: null, until: new Date(Date.now() + 3_000) },
    ]);
    await jest.advanceTimersByTimeAsync(3_000);
    expect((await deliver()).provider).toBe('one');
    expect(sms.report()[0]?.pauses).toEqual([]);
  });

  // Catches: a 429 for a call that rests the same gateway's texts.
  it('gets it on its channel alone', async () => {
    const { one, two } = setup();
    const sms = smsServiceWith({ one, two }, { sms: '*:one,two', voice: '*:one,two' });
    one.once(tooMany(30_000));
    expect((await sms.deliver(aDelivery({ channel: 'voice' }))).provider).toBe('two');
    expect((await sms.deliver(aDelivery({ channel: 'voice' }))).provider).toBe('two');
    expect((await sms.deliver(aDelivery())).provider).toBe('one');
  });

  it('is asked all the same when there is no other', async () => {
    const { deliver, one } = setup('*:one');
    one.once(tooMany(30_000));
    expect(await deliver()).toMatchObject({ outcome: 'rejected', errorCode: 'rate-limited' });
    expect(await deliver()).toMatchObject({ outcome: 'accepted', provider: 'one' });
  });

  it('is well: its breaker does not open', async () => {
    const { deliver, one, sms } = setup('*:one');
    one.answers(tooMany(0));
    for (let i = 0; i < 30; i += 1) await deliver();
    expect(sms.report()[0]?.destinations).toMatchObject([{ state: 'closed', calls: 0, successRate: null }]);
  });
});
