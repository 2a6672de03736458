import { DatabaseClock } from './database-clock';

const T0 = Date.UTC(2026, 0, 1);

function setup() {
  const process = { ms: 5_000 };
  const clock = new DatabaseClock({ monotonic: () => process.ms });
  return { process, clock };
}

describe("the database's clock between two readings", () => {
  it('is unknown before the first', () => {
    expect(setup().clock.now()).toBeNull();
  });

  it('goes on with the monotonic clock of this process', () => {
    const { process, clock } = setup();
    clock.observe(new Date(T0));
    expect(clock.now()).toEqual(new Date(T0));
    process.ms += 1_234;
    expect(clock.now()).toEqual(new Date(T0 + 1_234));
  });

  // Catches: a time that is rounded up, and so a code that expires before its last millisecond.
  it('is never early: a part of a millisecond does not count', () => {
    const { process, clock } = setup();
    clock.observe(new Date(T0));
    process.ms += 0.999;
    expect(clock.now()).toEqual(new Date(T0));
    process.ms += 0.001;
    expect(clock.now()).toEqual(new Date(T0 + 1));
  });

  // Catches: a reading that is trusted until two clocks have drifted apart.
  it('is unknown again ten seconds after a reading, until the next one', () => {
    const { process, clock } = setup();
    clock.observe(new Date(T0));
    process.ms += 9_999;
    expect(clock.now()).toEqual(new Date(T0 + 9_999));
    process.ms += 1;
    expect(clock.now()).toBeNull();
    clock.observe(new Date(T0 + 10_050));
    expect(clock.now()).toEqual(new Date(T0 + 10_050));
  });

  it('follows the last reading, also when the database was stepped back', () => {
    const { process, clock } = setup();
    clock.observe(new Date(T0));
    process.ms += 100;
    clock.observe(new Date(T0 - 3_600_000));
    process.ms += 7;
    expect(clock.now()).toEqual(new Date(T0 - 3_600_000 + 7));
  });
});
