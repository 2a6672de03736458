import { EventEmitter, once } from 'node:events';
import type { Route } from '../../config/settings';
import { aMessage } from '../../test/contracts/sms-provider.contract';
import { FakeSmsProvider } from '../../test/fakes/sms-provider.fake';
import { ATTEMPT_TIMEOUT_MS, MAX_IN_FLIGHT } from './gateway';
import { DELIVERY_TIMEOUT_MS, SmsService } from './sms.service';
import type { DeliverInput } from './sms.service';
import { rejectReasons } from './sms-provider';
import type { RejectReason, SmsDelivery, SmsOutcome } from './sms-provider';

const rejected = (reason: RejectReason): SmsOutcome => ({ outcome: 'rejected', reason });

function setup(routes: readonly Route[] = [{ country: '*', providers: ['one', 'two', 'three'] }]) {
  const one = new FakeSmsProvider();
  const two = new FakeSmsProvider();
  const three = new FakeSmsProvider();
  const providers = new Map(Object.entries({ one, two, three }));
  const clock = { now: () => Date.now(), monotonic: () => performance.now() };
  const sms = new SmsService(providers, routes, clock);
  const deliver = (more: Partial<DeliverInput> = {}): Promise<SmsDelivery> =>
    sms.deliver({
      ...aMessage({ text: 'Your code is 483920.' }),
      deliveryId: 'delivery-1',
      routes: null,
      deadlineMs: DELIVERY_TIMEOUT_MS,
      ...more,
    });
  return { sms, deliver, one, two, three };
}

/** Calls wait until the function that this returns is called. */
function holdUp(provider: FakeSmsProvider): () => void {
  const opened = new EventEmitter();
  provider.waitFor(once(opened, 'open').then(() => undefined));
  return () => void opened.emit('open');
}

describe('SmsService', () => {
  describe('route', () => {
    it('gives the text to the first gateway and says which one took it', async () => {
      const { deliver, one, two } = setup();
      one.answers({ outcome: 'accepted', reference: 'ref-1' });
      expect(await deliver()).toEqual({
        outcome: 'accepted',
        provider: 'one',
        reference: 'ref-1',
        errorCode: null,
        attempts: [{ provider: 'one', outcome: 'accepted', reason: null, latencyMs: expect.any(Number) }],
      });
      expect(one.messages).toEqual([
        {
          id: 'delivery-1',
          applicationId: 'app-1',
          to: '+34600987123',
          country: 'ES',
          text: 'Your code is 483920.',
          code: '483920',
        },
      ]);
      expect(two.messages).toEqual([]);
    });

    it('takes the route of the country before that of all others', async () => {
      const { deliver } = setup([
        { country: '*', providers: ['one'] },
        { country: 'ES', providers: ['two'] },
      ]);
      expect((await deliver()).provider).toBe('two');
      expect((await deliver({ country: 'PT' })).provider).toBe('one');
      expect((await deliver({ country: null })).provider).toBe('one');
    });

    it("takes the application's own routes instead of the server's", async () => {
      const { deliver } = setup();
      expect((await deliver({ routes: [{ country: '*', providers: ['three'] }] })).provider).toBe('three');
    });

    it('passes over a gateway that the server has no settings for', async () => {
      const { deliver } = setup();
      const routes = [{ country: '*', providers: ['gone', 'two'] }];
      expect(await deliver({ routes })).toMatchObject({ provider: 'two', attempts: [{ provider: 'two' }] });
    });

    it('rejects without an attempt where nothing is routed', async () => {
      const { deliver } = setup([{ country: 'PT', providers: ['one'] }]);
      expect(await deliver()).toEqual({
        outcome: 'rejected',
        provider: null,
        reference: null,
        errorCode: 'no-route',
        attempts: [],
      });
    });
  });

  describe('fail-over', () => {
    const final: RejectReason[] = ['invalid-number', 'blocked'];

    it.each(rejectReasons.filter((reason) => !final.includes(reason)))(
      'goes to the next gateway at once after %s',
      async (reason) => {
        const { deliver, one } = setup();
        one.answers(rejected(reason));
        const started = performance.now();
        expect(await deliver()).toMatchObject({
          outcome: 'accepted',
          provider: 'two',
          attempts: [{ provider: 'one', outcome: 'rejected', reason }, { provider: 'two' }],
        });
        expect(performance.now() - started).toBeLessThan(50);
      },
    );

    // Seen failing with endsDelivery always false for rejections.
    it.each(final)('asks no other gateway after %s', async (reason) => {
      const { deliver, one, two } = setup();
      one.answers(rejected(reason));
      expect(await deliver()).toMatchObject({ outcome: 'rejected', provider: 'one', errorCode: reason });
      expect(two.messages).toEqual([]);
    });

    // Seen failing with endsDelivery false for unknown.
    it.each<SmsOutcome | 'throw'>([{ outcome: 'unknown' }, 'throw'])(
      'sends no second text after an outcome that may have been taken: %j',
      async (answer) => {
        const { deliver, one, two } = setup();
        one.answers(answer);
        expect(await deliver()).toMatchObject({
          outcome: 'unknown',
          provider: 'one',
          errorCode: 'gateway-error',
        });
        expect(two.messages).toEqual([]);
      },
    );

    it('names the last reason when every gateway refuses', async () => {
      const { deliver, one, two, three } = setup();
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
        const delivery = deliver();
        await jest.advanceTimersByTimeAsync(ATTEMPT_TIMEOUT_MS);
        expect(await delivery).toMatchObject({ outcome: 'unknown', errorCode: 'timeout' });
        expect(jest.getTimerCount()).toBe(0);
      },
    );

    it('goes on to the next gateway when it is certain that the one in time-out was never reached', async () => {
      const { deliver, one } = setup();
      jest
        .spyOn(one, 'send')
        .mockImplementation(
          (_message, signal) =>
            new Promise((resolve) =>
              signal.addEventListener('abort', () => resolve(rejected('unavailable'))),
            ),
        );
      const delivery = deliver();
      await jest.advanceTimersByTimeAsync(ATTEMPT_TIMEOUT_MS);
      expect(await delivery).toMatchObject({ outcome: 'accepted', provider: 'two' });
    });

    it('starts nothing when the time left is too short for an attempt, and says so without an attempt', async () => {
      const { deliver, one } = setup();
      expect(await deliver({ deadlineMs: 900 })).toMatchObject({
        outcome: 'unknown',
        provider: null,
        errorCode: 'timeout',
        attempts: [],
      });
      expect(one.messages).toEqual([]);
    });

    it('shortens the last attempt so that it ends before the deadline', async () => {
      const { deliver, one } = setup();
      one.answers('hang');
      let ended = false;
      const delivery = deliver({ deadlineMs: 2_000 }).finally(() => (ended = true));
      await jest.advanceTimersByTimeAsync(2_000);
      expect(ended).toBe(true);
      await delivery;
    });

    it('never takes longer than 15 s, whatever it is given', async () => {
      const { deliver, one } = setup([{ country: '*', providers: ['one'] }]);
      one.answers('hang');
      const busy = Array.from({ length: MAX_IN_FLIGHT * 5 }, () => deliver({ deadlineMs: 60_000 }));
      let ended = 0;
      busy.forEach((delivery) => void delivery.then(() => (ended += 1)));
      await jest.advanceTimersByTimeAsync(DELIVERY_TIMEOUT_MS);
      expect(ended).toBe(busy.length);
    });
  });

  describe('concurrency', () => {
    afterEach(() => jest.useRealTimers());

    // Seen failing with the limit removed.
    it('never has more than 64 calls to one gateway under way', async () => {
      const { deliver, one, sms } = setup([{ country: '*', providers: ['one'] }]);
      const open = holdUp(one);
      const all = Array.from({ length: 200 }, () => deliver());
      await new Promise((resolve) => setImmediate(resolve));
      expect(sms.load()).toContainEqual({ name: 'one', active: 64, waiting: 136 });
      open();
      const outcomes = await Promise.all(all);
      expect(outcomes.every(({ outcome }) => outcome === 'accepted')).toBe(true);
      expect(one.peak).toBe(64);
      expect(sms.load()).toContainEqual({ name: 'one', active: 0, waiting: 0 });
    });

    // Catches: a text that was handed on to another instance while it waited for its turn is sent by both.
    it('starts no attempt for a delivery that is not wanted any more when its turn comes', async () => {
      const { deliver, one } = setup([{ country: '*', providers: ['one'] }]);
      const open = holdUp(one);
      let wanted = true;
      const crowd = Array.from({ length: MAX_IN_FLIGHT }, () => deliver());
      const late = deliver({ mayStart: () => wanted });
      await new Promise((resolve) => setImmediate(resolve));
      wanted = false;
      open();
      await Promise.all(crowd);
      expect(await late).toMatchObject({ outcome: 'unknown', attempts: [] });
    });

    it('turns to the next gateway instead of waiting long for a busy one', async () => {
      jest.useFakeTimers();
      const { deliver, one } = setup();
      one.answers('hang');
      // One crowd is under way, a second waits in line before ours.
      const crowd = Array.from({ length: MAX_IN_FLIGHT * 2 }, () => deliver());
      const ours = deliver();
      await jest.advanceTimersByTimeAsync(ATTEMPT_TIMEOUT_MS);
      expect(await ours).toMatchObject({ outcome: 'accepted', provider: 'two' });
      await jest.advanceTimersByTimeAsync(DELIVERY_TIMEOUT_MS);
      await Promise.all(crowd);
    });

    it('is idle when the last delivery has ended', async () => {
      const { deliver, one, sms } = setup();
      const open = holdUp(one);
      const delivery = deliver();
      let idle = false;
      const waiting = sms.idle().then(() => (idle = true));
      await new Promise((resolve) => setImmediate(resolve));
      expect(idle).toBe(false);
      open();
      await Promise.all([delivery, waiting]);
      await expect(sms.idle()).resolves.toBeUndefined();
    });
  });

  describe('references', () => {
    it.each([
      ['repeats the number', 'msg-34600987123'],
      ['is the code', '483920'],
      ['has a line break', 'a\nb'],
      ['is longer than 128 characters', 'x'.repeat(129)],
      ['holds the code', 'code=483920;ok'],
    ])('keeps no reference that %s', async (_name, reference) => {
      const { deliver, one } = setup();
      one.answers({ outcome: 'accepted', reference });
      expect(await deliver()).toMatchObject({ outcome: 'accepted', reference: null });
    });
  });

  it('never lets number or code into the result', async () => {
    const { deliver, one, two, three } = setup();
    one.answers(rejected('content'));
    two.answers({ outcome: 'rejected', reason: 'content', vendorCode: '+34600987123 483920' });
    three.answers('throw');
    expect(JSON.stringify(await deliver())).not.toMatch(/600987123|483920/);
  });
});
