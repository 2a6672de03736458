import fc from 'fast-check';
import { anyText } from '../../../test/builders/any-text';
import { familyOf, toldBy } from './receipt-words';

describe('a word of a receipt that no table has', () => {
  it.each([
    ['FAILED', 'undelivered', 'unknown'],
    ['Failure', 'undelivered', 'unknown'],
    ['delivery_failed', 'undelivered', 'unknown'],
    ['DeliveryFailure', 'undelivered', 'unknown'],
    ['REJECTED_BY_CARRIER', 'undelivered', 'unavailable'],
    ['REJCTED', 'undelivered', 'unavailable'],
    ['EXPIRED_IN_QUEUE', 'undelivered', 'expired'],
    ['MESSAGE EXPIRED', 'undelivered', 'expired'],
    ['UNDELIVERED', 'undelivered', 'unknown'],
    ['undeliv', 'undelivered', 'unknown'],
    ['UNDLVRD', 'undelivered', 'unknown'],
    ['NOT_DELIVERED', 'undelivered', 'unknown'],
    ['not delivered', 'undelivered', 'unknown'],
    ['NotDelivered', 'undelivered', 'unknown'],
    ['NON-DELIVERED', 'undelivered', 'unknown'],
    ['nondelivery', 'undelivered', 'unknown'],
    ['could not be delivered', 'undelivered', 'unknown'],
    ["wasn't delivered", 'undelivered', 'unknown'],
    ['not accepted', 'undelivered', 'unknown'],
    ['CANCELLED', 'undelivered', 'unknown'],
    ['DELIVERED', 'delivered', undefined],
    ['Delivrd', 'delivered', undefined],
    ['DELIVERED_TO_HANDSET', 'delivered', undefined],
    ['successfully delivered', 'delivered', undefined],
    ['DELIVERED_TO_OPERATOR', 'sent', undefined],
    ['delivered to the network', 'sent', undefined],
    ['not yet delivered', 'sent', undefined],
    ['DELIVERING', 'sent', undefined],
    ['delivery pending', 'sent', undefined],
    ['BUFFRED', 'sent', undefined],
    ['BUFFERED', 'sent', undefined],
    ['ACCEPTD', 'sent', undefined],
    ['message_accepted', 'sent', undefined],
    ['QUEUED', 'sent', undefined],
    ['ENROUTE', 'sent', undefined],
    ['delivery unknown', 'unknown', undefined],
    ['DELIVERY_UNCONFIRMED', 'unknown', undefined],
    ['temporarily failed', 'unknown', undefined],
    ['not failed', 'unknown', undefined],
    ['DELIVERABLE', 'unknown', undefined],
    ['ACKED', 'unknown', undefined],
    ['constructor', 'unknown', undefined],
    ['42', 'unknown', undefined],
  ])('%p is read as %s', (word, state, reason) => {
    expect(familyOf(word)).toEqual({ state, ...(reason && { reason }) });
  });

  const separator = fc.constantFrom(' ', '_', '-', '.', '  ');
  const around = fc.constantFrom('', 'message', 'sms', 'state', 'status', 'to handset', 'by person', '17');
  const cased = (text: fc.Arbitrary<string>) =>
    fc
      .tuple(text, fc.constantFrom('lower', 'upper'))
      .map(([word, form]) => (form === 'upper' ? word.toUpperCase() : word));
  const phrase = (...parts: fc.Arbitrary<string>[]) =>
    cased(
      fc
        .tuple(separator, fc.tuple(around, ...parts, around))
        .map(([between, words]) => words.filter((word) => word !== '').join(between)),
    );
  const deliver = fc.constantFrom('delivered', 'delivrd', 'deliver', 'delivery', 'dlvrd');

  // Catches: `undelivered` and `not delivered` found by the `delivered` in them, which ends fail-over for good.
  it('is never read as delivered beside a negation or a failure', () => {
    const against = fc.constantFrom(
      'not',
      'no',
      'non',
      'never',
      'cannot',
      "wasn't",
      'failed',
      'rejected',
      'expired',
    );
    const before = phrase(against, deliver);
    const behind = phrase(deliver, fc.constantFrom('failed', 'failure', 'rejected', 'expired', 'error'));
    const inside = phrase(deliver.map((word) => `un${word}`));
    fc.assert(
      fc.property(fc.oneof(before, behind, inside), (word) => {
        expect(familyOf(word).state).not.toBe('delivered');
        expect(familyOf(word).state).not.toBe('sent');
      }),
      { numRuns: 2_000 },
    );
  });

  it('is read as undelivered with every word of failure alone', () => {
    const failure = fc.constantFrom(
      'failed',
      'fail',
      'failure',
      'rejected',
      'rejectd',
      'expired',
      'undelivered',
    );
    fc.assert(fc.property(phrase(failure), (word) => expect(familyOf(word).state).toBe('undelivered')));
  });

  it('never breaks the reading, however long and odd, and shows letters only', () => {
    fc.assert(
      fc.property(anyText({ maxLength: 400 }), (word) => {
        const told = toldBy({ word, known: undefined });
        if (told === null) expect(word.trim()).toBe('');
        else expect(told.unknownWord).toMatch(/^(\?|[A-Z][A-Z _.-]{0,39})$/);
      }),
    );
  });
});

describe('what a receipt tells', () => {
  it('is what the table has, then what the code has, then the family', () => {
    expect(toldBy({ word: 'x', known: 'sent', code: 'blocked' })).toEqual({ state: 'sent' });
    expect(toldBy({ word: 'x', known: 'undelivered', code: 'no-credit' })).toEqual({
      state: 'undelivered',
      reason: 'no-credit',
    });
    expect(toldBy({ word: 'x', known: 'undelivered', otherwise: 'expired' })).toEqual({
      state: 'undelivered',
      reason: 'expired',
    });
    expect(toldBy({ word: 'ODD', known: undefined, code: 'blocked' })).toEqual({
      state: 'undelivered',
      reason: 'blocked',
      unknownWord: 'ODD',
    });
    expect(toldBy({ word: 'failed', known: undefined })).toEqual({
      state: 'undelivered',
      reason: 'unknown',
      unknownWord: 'FAILED',
    });
    expect(toldBy({ word: 7, known: undefined })).toEqual({ state: 'unknown', unknownWord: '?' });
    for (const word of ['', ' ', null, undefined, {}, []])
      expect(toldBy({ word, known: undefined })).toBeNull();
  });

  // Catches: a code or a number of a person in the log, by a vendor that repeats what it was sent.
  it('never carries digits into the log', () => {
    expect(toldBy({ word: 'failed for 34600987123', known: undefined })).toMatchObject({ unknownWord: '?' });
  });
});
