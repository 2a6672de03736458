import { Complaints } from './complaints';

describe('complaints', () => {
  it('lets one of a kind through a minute', () => {
    const complaints = new Complaints();
    const heard = [0, 1, 59_999, 60_000, 60_001].map((now) => complaints.isNews('http unavailable', now));
    expect(heard).toEqual([true, false, false, true, false]);
    expect(complaints.isNews('http unauthorized', 60_001)).toBe(true);
  });

  it('stays small', () => {
    const complaints = new Complaints();
    for (let i = 0; i < 5_000; i++) expect(complaints.isNews(`kind ${i}`, 0)).toBe(true);
    expect(complaints['lastAt'].size).toBeLessThanOrEqual(1_000);
  });
});
