import { EventEmitter, once } from 'node:events';
import { aDelivery } from '../../../test/builders/deliver-input';
import { smsServiceWith } from '../../../test/builders/sms-service';
import { FakeGateway } from '../../testing/fakes/fake-gateway';
import { defaultLimits } from '../gateway';
import type { SmsLimits } from '../gateway';

const { inFlight } = defaultLimits;

function setup(routes = '*:one', limits: Partial<SmsLimits> = {}) {
  const [one, two] = [new FakeGateway(), new FakeGateway()];
  const traits = { one: { limits: { ...defaultLimits, ...limits } } };
  const sms = smsServiceWith({ one, two }, routes, { traits });
  const deliver = (more: Parameters<typeof aDelivery>[0] = {}) => sms.deliver(aDelivery(more));
  return { sms, deliver, one, two };
}

/** Calls wait until the function that this returns is called. */
function holdUp(gateway: FakeGateway): () => void {
  const opened = new EventEmitter();
  gateway.waitFor(once(opened, 'open').then(() => undefined));
  return () => void opened.emit('open');
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('a gateway', () => {
  describe('with many messages at once', () => {
    afterEach(() => jest.useRealTimers());

    // Catches: no bound on calls at a time.
    it('has never more calls under way than it may', async () => {
      const { deliver, one, sms } = setup();
      const open = holdUp(one);
      const all = Array.from({ length: 200 }, () => deliver());
      await turn();
      expect(sms.report()[0]).toMatchObject({ name: 'one', active: inFlight, waiting: 200 - inFlight });
      open();
      const outcomes = await Promise.all(all);
      expect(outcomes.every(({ outcome }) => outcome === 'accepted')).toBe(true);
      expect(one.peak).toBe(inFlight);
      expect(sms.report()[0]).toMatchObject({ name: 'one', active: 0, waiting: 0 });
    });

    it('has no more than its own definition allows', async () => {
      const { deliver, one } = setup('*:one', { inFlight: 2 });
      await Promise.all(Array.from({ length: 20 }, () => deliver()));
      expect(one.peak).toBe(2);
    });

    // Catches: a text that was handed on to another instance while it waited for its turn is sent by both.
    it('starts no attempt for a delivery that is not wanted any more when its turn comes', async () => {
      const { deliver, one } = setup();
      const open = holdUp(one);
      let wanted = true;
      const crowd = Array.from({ length: inFlight }, () => deliver());
      const late = deliver({ mayStart: () => wanted });
      await turn();
      wanted = false;
      open();
      await Promise.all(crowd);
      expect(await late).toMatchObject({ outcome: 'unknown', attempts: [] });
    });

    it('is passed over when it is too busy and there is another', async () => {
      jest.useFakeTimers();
      const { deliver, one } = setup('*:one,two');
      one.answers('hang');
      // One crowd is under way, a second waits in line before ours.
      const crowd = Array.from({ length: inFlight * 2 }, () => deliver({ rules: { onUnknown: 'wait' } }));
      const ours = deliver();
      await jest.advanceTimersByTimeAsync(4_000);
      expect(await ours).toMatchObject({ outcome: 'accepted', provider: 'two' });
      await jest.advanceTimersByTimeAsync(15_000);
      await Promise.all(crowd);
    });

    it('is idle when the last delivery has ended', async () => {
      const { deliver, one, sms } = setup();
      const open = holdUp(one);
      const delivery = deliver();
      let idle = false;
      const waiting = sms.idle().then(() => (idle = true));
      await turn();
      expect(idle).toBe(false);
      open();
      await Promise.all([delivery, waiting]);
      await expect(sms.idle()).resolves.toBeUndefined();
    });
  });

  describe('with a text that is too long for it', () => {
    it('refuses it without a call, and the next one is asked', async () => {
      const { deliver, one } = setup('*:one,two', { maxCharacters: 20 });
      expect(await deliver({ text: 'x'.repeat(21) })).toMatchObject({
        provider: 'two',
        attempts: [{ provider: 'one', outcome: 'rejected', reason: 'content', latencyMs: 0 }, {}],
      });
      expect(one.messages).toEqual([]);
      expect((await deliver({ text: 'x'.repeat(20) })).provider).toBe('one');
    });
  });

  describe('with a reference', () => {
    it.each([
      ['repeats the number', 'msg-34600987123'],
      ['is the code', '483920'],
      ['has a line break', 'a\nb'],
      ['is longer than 128 characters', 'x'.repeat(129)],
      ['holds the code', 'code=483920;ok'],
    ])('that %s has none', async (_name, reference) => {
      const { deliver, one } = setup();
      one.answers({ outcome: 'accepted', reference });
      expect(await deliver()).toMatchObject({
        outcome: 'accepted',
        reference: null,
        attempts: [{ reference: null }],
      });
    });
  });
});
