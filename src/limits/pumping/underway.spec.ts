import { prefixesOf } from './prefixes';
import { UnderwayCounts } from './underway';

const block = 34_600_001;
const neighbour = 34_600_002;
const { prefix1k, prefix10k, operator } = prefixesOf(block);

function countsOf(underway: UnderwayCounts): number[] {
  return [
    underway.of('prefix1k', prefix1k),
    underway.of('prefix10k', prefix10k),
    underway.of('operator', operator),
  ];
}

describe('messages under way', () => {
  it('are none at first', () => {
    expect(countsOf(new UnderwayCounts())).toEqual([0, 0, 0]);
  });

  // Catches: a burst that slips in before the log has the first of it.
  it('count at every narrow level of their block', () => {
    const underway = new UnderwayCounts();
    underway.add(block, 1);
    underway.add(block, 1);
    expect(countsOf(underway)).toEqual([2, 2, 2]);
  });

  it('of two blocks meet where the blocks do', () => {
    const underway = new UnderwayCounts();
    underway.add(block, 1);
    underway.add(neighbour, 1);
    expect(countsOf(underway)).toEqual([1, 2, 2]);
    expect(underway.of('prefix1k', neighbour)).toBe(1);
  });

  it('do not count elsewhere: not in other blocks, not at wide levels, not for the same digits at another level', () => {
    const underway = new UnderwayCounts();
    underway.add(block, 1);
    expect(underway.of('prefix1k', neighbour)).toBe(0);
    expect(underway.of('operator', prefix1k)).toBe(0);
    expect(underway.of('country', 'ES')).toBe(0);
  });

  it('count no more once the log has them', () => {
    const underway = new UnderwayCounts();
    underway.add(block, 1);
    underway.add(block, 1);
    underway.add(block, -1);
    expect(countsOf(underway)).toEqual([1, 1, 1]);
    underway.add(block, -1);
    expect(countsOf(underway)).toEqual([0, 0, 0]);
  });

  // Catches: one that is settled twice and lets a later burst have a message more.
  it('are never fewer than none', () => {
    const underway = new UnderwayCounts();
    underway.add(block, -1);
    expect(countsOf(underway)).toEqual([0, 0, 0]);
    underway.add(block, 1);
    expect(countsOf(underway)).toEqual([1, 1, 1]);
  });

  // Catches: memory that grows by each block that was ever texted.
  it('leave nothing behind once they are settled', () => {
    const underway = new UnderwayCounts();
    underway.add(block, 1);
    expect(underway['counts'].size).toBe(3);
    underway.add(block, -1);
    expect(underway['counts'].size).toBe(0);
  });
});
