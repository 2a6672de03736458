import type { SmsBalance } from '../../sms/gateway';
import { Balances } from './balances.service';

const MINUTE = 60_000;

function setup() {
  const world = { now: 0, asked: 0, answer: (): Promise<SmsBalance | null> => Promise.resolve(euros(5)) };
  const clock = { now: () => world.now, monotonic: () => world.now };
  const balance = () => {
    world.asked += 1;
    return world.answer();
  };
  return { world, balances: new Balances({ balance }, clock) };
}
const euros = (amount: number): SmsBalance => ({ micros: amount * 1_000_000, currency: 'EUR' });

describe('balances', () => {
  it('are asked once, however many look at the same time, and again after five minutes', async () => {
    const { world, balances } = setup();
    await Promise.all([balances.of('x'), balances.of('x')]);
    world.now = 5 * MINUTE - 1;
    expect(await balances.of('x')).toEqual({ balance: euros(5), at: new Date(0) });
    expect(world.asked).toBe(1);
    world.now += 1;
    world.answer = () => Promise.resolve(euros(4));
    expect(await balances.of('x')).toEqual({ balance: euros(4), at: new Date(5 * MINUTE) });
  });

  // Catches: forgetting the failure, so that every look waits for a vendor that is down.
  it('stay as they were while the vendor does not answer, which is asked once a minute', async () => {
    const { world, balances } = setup();
    await balances.of('x');
    world.now = 5 * MINUTE;
    world.answer = () => Promise.reject(new Error('vendor says 4711'));
    expect(await balances.of('x')).toEqual({ balance: euros(5), at: new Date(0) });
    await balances.of('x');
    expect(world.asked).toBe(2);
    world.now += MINUTE;
    await balances.of('x');
    expect(world.asked).toBe(3);
  });

  // Catches: a health check that calls a vendor, for anybody who can reach the port.
  it('are shown as they were last known, without asking', async () => {
    const { world, balances } = setup();
    expect(balances.latest('x')).toBeNull();
    await balances.of('x');
    world.now = 5 * MINUTE;
    expect(balances.latest('x')?.balance).toEqual(euros(5));
    expect(world.asked).toBe(1);
  });

  it('are null of a vendor that does not tell', async () => {
    const { world, balances } = setup();
    world.answer = () => Promise.resolve(null);
    expect(await balances.of('x')).toBeNull();
  });

  // Catches: trusting a gateway to end when its signal aborts.
  it('are not waited for longer than five seconds', async () => {
    jest.useFakeTimers();
    try {
      const { world, balances } = setup();
      world.answer = () => new Promise(() => undefined);
      const asked = balances.of('x');
      await jest.advanceTimersByTimeAsync(5_000);
      expect(await asked).toBeNull();
    } finally {
      jest.useRealTimers();
    }
  });
});
