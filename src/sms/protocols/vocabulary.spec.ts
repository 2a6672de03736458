import { asRejectReason, asUndeliveredReason, vocabulary } from './vocabulary';

describe('a vocabulary', () => {
  const stateOf = vocabulary<'sent' | 'delivered'>({ sent: ['queued', 'sent'], delivered: [5, 'read'] });

  it.each([
    ['queued', 'sent'],
    ['read', 'delivered'],
    [5, 'delivered'],
    ['5', 'delivered'],
    ['QUEUED', undefined],
    ['constructor', undefined],
    ['', undefined],
    [null, undefined],
    [{}, undefined],
  ])('knows %p as %p', (theirs, ours) => {
    expect(stateOf(theirs)).toBe(ours);
  });

  it('names a reason by the words of calls and of receipts', () => {
    expect([asRejectReason('blocked'), asRejectReason('expired')]).toEqual(['blocked', 'refused']);
    expect([asUndeliveredReason('expired'), asUndeliveredReason('rate-limited')]).toEqual([
      'expired',
      'unavailable',
    ]);
  });
});
