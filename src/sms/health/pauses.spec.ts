import { Pauses } from './pauses';

const sms = { channel: 'sms', sender: null } as const;
const voice = { channel: 'voice', sender: null } as const;
const from = (sender: string) => ({ channel: 'sms', sender }) as const;

describe('a pause', () => {
  // Catches: a 429 for a call that rests the same gateway's WhatsApp.
  it('is for its channel, until it is over', () => {
    const pauses = new Pauses();
    pauses.add(voice, 3_000, 1_000);
    expect([pauses.hold(voice, 3_999), pauses.hold(voice, 4_000)]).toEqual([true, false]);
    expect(pauses.hold(sms, 1_000)).toBe(false);
    expect(pauses.list(3_999)).toEqual([{ ...voice, until: 4_000 }]);
    expect(pauses.list(4_000)).toEqual([]);
  });

  it('is for one sender where the vendor limits that, and for all senders where it does not', () => {
    const pauses = new Pauses();
    pauses.add(from('ACME'), 3_000, 0);
    expect([from('ACME'), from('+12015550123'), sms].map((one) => pauses.hold(one, 0))).toEqual([
      true,
      false,
      false,
    ]);
    pauses.add(sms, 1_000, 0);
    expect(pauses.hold(from('+12015550123'), 0)).toBe(true);
  });

  it.each([
    [undefined, 5_000],
    [86_400_000, 60_000],
    [-1, 0],
  ])('of %p ms takes %p ms', (wanted, given) => {
    const pauses = new Pauses();
    pauses.add(sms, wanted, 100);
    expect(pauses.list(100)).toEqual(given > 0 ? [{ ...sms, until: 100 + given }] : []);
  });

  it('is never made shorter', () => {
    const pauses = new Pauses();
    pauses.add(sms, 10_000, 0);
    pauses.add(sms, 1_000, 0);
    expect(pauses.list(0)).toEqual([{ ...sms, until: 10_000 }]);
  });
});
