import { PumpingWorld, scattered } from '../../../test/builders/pumping';
import { challengedWindows, firstBlockMs, longestBlockMs, probes, windows } from './rules';

const HOUR = 3_600_000;
const inBlock = (i: number): string => `+3460000${String(i).padStart(4, '0')}`;

/** Sends to one number after the other until the guard refuses. */
function pump(world: PumpingWorld, most = 100, everyMs = 200, from = 0): number {
  let leaked = 0;
  for (let i = from; i < from + most; i += 1) {
    world.now += everyMs;
    if (world.sends({ to: inBlock(i) })) leaked += 1;
  }
  return leaked;
}

function known(): PumpingWorld {
  const world = new PumpingWorld();
  world.isUsedTo('ES', scattered(100), 0.75);
  return world;
}

describe('the pumping guard', () => {
  // Catches: without blocks everything leaks.
  it('lets a block have its window of unpaid messages and no more', () => {
    const world = known();
    expect(pump(world, 2_000)).toBeLessThanOrEqual(windows.prefix10k + 2);
    expect(world.asks({ to: inBlock(9_999) })).toMatchObject({
      outcome: 'suspended',
      by: { level: 'prefix10k' },
    });
  });

  it('does not hurt the block beside it', () => {
    const world = known();
    pump(world);
    expect(world.asks({ to: '+34600010000' })).toMatchObject({ outcome: 'allowed', because: 'quiet' });
  });

  // Catches: a conversion that pays only for itself, so that people who never type block their neighbours.
  it('is paid by people who type their codes, at any share that is usual there', () => {
    for (const share of [0.9, 0.75, 0.5]) {
      const world = new PumpingWorld();
      world.isUsedTo('ES', scattered(400), share);
      world.isUsedTo(
        'ES',
        Array.from({ length: 400 }, (_, i) => inBlock(i)),
        share,
      );
      expect(world.changes).toEqual([]);
    }
  });

  it('is not fooled by a share of faked conversions', () => {
    const world = known();
    let leaked = 0;
    for (let i = 0; i < 2_000; i += 1) {
      world.now += 200;
      if (!world.sends({ to: inBlock(i) })) continue;
      leaked += 1;
      if (leaked % 5 === 0) world.folds('conversion', { to: inBlock(i) });
    }
    expect(leaked).toBeLessThanOrEqual(30);
  });

  it('says once that a block began, and once that it ended', () => {
    const world = known();
    pump(world, 100, 200, 2_000);
    world.now += firstBlockMs;
    world.folds('send', { to: '+34699999999' });
    const began = world.changes.filter(({ type }) => type === 'prefix_blocked');
    const ended = world.changes.filter(({ type }) => type === 'prefix_released');
    expect(began.map(({ level, key }) => [level, key])).toEqual([['prefix1k', '34600002']]);
    expect(ended).toEqual([
      expect.objectContaining({ level: 'prefix1k', key: '34600002', until: began[0]?.until }),
    ]);
  });

  // Catches: a block of fixed length, which leaks a window each time it ends.
  it('blocks longer each time, and lets only a few find out whether people are there', () => {
    const world = known();
    pump(world);
    const lengths = [];
    for (let round = 0; round < 8; round += 1) {
      const last = world.changes.filter(({ type }) => type === 'prefix_blocked').at(-1)!;
      lengths.push(last.until - last.at);
      world.now = last.until;
      world.folds('send', { to: '+34699999999' });
      expect(pump(world)).toBeLessThanOrEqual(probes + 1);
    }
    expect(lengths[0]).toBe(firstBlockMs);
    expect([...lengths].sort((a, b) => a - b)).toEqual(lengths);
    expect(lengths.at(-1)).toBe(longestBlockMs);
  });

  it('ends a block when people type the codes that were on their way', () => {
    const world = known();
    for (let i = 0; i < 30; i += 1) world.sends({ to: inBlock(i) });
    expect(world.asks({ to: inBlock(500) }).outcome).toBe('suspended');
    for (let i = 0; i < 6; i += 1) world.folds('conversion', { to: inBlock(i) });
    expect(world.asks({ to: inBlock(500) }).outcome).toBe('allowed');
    expect(world.changes.at(-1)).toMatchObject({ type: 'prefix_released' });
  });

  it('knows those who typed a code lately', () => {
    const world = known();
    world.isUsedTo('ES', [inBlock(1)]);
    pump(world, 200, 200, 100);
    expect(world.asks({ to: inBlock(1) })).toMatchObject({ outcome: 'allowed', because: 'known_recipient' });
    expect(world.asks({ to: inBlock(2) }).outcome).toBe('suspended');
  });

  it('lets a solved challenge help for so long', () => {
    const world = known();
    pump(world);
    expect(world.asks({ to: inBlock(500) }).by?.canBeChallenged).toBe(true);
    for (let i = 0; i < challengedWindows * 20; i += 1) world.folds('send', { to: inBlock(600 + i) });
    expect(world.asks({ to: inBlock(500) }).by?.canBeChallenged).toBe(false);
  });

  it('suspects a country that nobody used before and does not refuse it', () => {
    const world = known();
    const to = '+2347020000001';
    expect(world.asks({ to, country: 'NG' }).outcome).toBe('allowed');
    let leaked = 0;
    for (let i = 0; i < 100; i += 1) {
      if (world.sends({ to: `+234702000${String(i).padStart(4, '0')}`, country: 'NG' })) leaked += 1;
    }
    expect(leaked).toBeLessThan(windows.prefix10k);
  });

  // Catches: a country that nobody vouches for is pumped range by range.
  it('stops an attack over all of a country, and those whom their range vouches for go on', () => {
    const world = new PumpingWorld();
    world.isUsedTo('ES', scattered(200), 0.75);
    let leaked = 0;
    for (let i = 0; i < 5_000; i += 1) {
      world.now += 500;
      const to = `+347${String((i * 7_919) % 100_000_000).padStart(8, '0')}`;
      if (world.sends({ to })) leaked += 1;
    }
    expect(leaked).toBeLessThan(800);
    expect(world.asks({ to: '+34711111111' })).toMatchObject({
      outcome: 'suspended',
      by: { level: 'country' },
    });
    expect(world.asks({ to: '+34611111111' })).toMatchObject({ outcome: 'allowed', because: 'vouched_for' });
  });

  it('gives back what was never sent', () => {
    const world = known();
    for (let i = 0; i < 200; i += 1) {
      world.folds('send', { to: inBlock(i) });
      world.folds('returned', { to: inBlock(i) });
    }
    expect([world.changes, world.asks({ to: inBlock(1) }).outcome]).toEqual([[], 'allowed']);
  });

  it('forgives half of a debt in an hour', () => {
    const world = known();
    for (let i = 0; i < 8; i += 1) world.folds('send', { to: inBlock(i) });
    const [before] = [world.state.prefix10k.peek(3_460_000)!.debt];
    world.now += HOUR;
    world.folds('send', { to: inBlock(9) });
    expect(world.state.prefix10k.peek(3_460_000)!.debt).toBeCloseTo(before / 2 + 1);
  });
});
