import { KnownRecipients } from './recipients';
import { knownRecipientMs, knownRecipientUnpaid } from './rules';

const [ANNA, BEN] = [1, 2];

describe('a recipient that typed a code', () => {
  it('is exempt for a while', () => {
    const known = new KnownRecipients(10);
    known.typed(ANNA, 0);
    expect([known.isExempt(ANNA, 1), known.isExempt(BEN, 1)]).toEqual([true, false]);
    expect(known.isExempt(ANNA, knownRecipientMs)).toBe(false);
  });

  // Catches: who typed one code once may be pumped for ever.
  it('has to type one again after a few messages', () => {
    const known = new KnownRecipients(10);
    known.typed(ANNA, 0);
    for (let i = 0; i < knownRecipientUnpaid; i += 1) known.sent(ANNA);
    expect(known.isExempt(ANNA, 1)).toBe(false);
    known.typed(ANNA, 2);
    expect(known.isExempt(ANNA, 3)).toBe(true);
  });

  it('is forgotten when others came later', () => {
    const known = new KnownRecipients(10);
    for (let i = 0; i < 1_000; i += 1) known.typed(i, i);
    expect([known.size, known.isExempt(999, 1_000), known.isExempt(0, 1_000)]).toEqual([10, true, false]);
  });

  // Catches: messages of a recipient that is forgotten, which are kept for ever or count when it comes back.
  it('begins anew when it comes back after it was forgotten', () => {
    const known = new KnownRecipients(1);
    known.typed(ANNA, 0);
    for (let i = 0; i < knownRecipientUnpaid; i += 1) known.sent(ANNA);
    known.typed(BEN, 1);
    known.sent(ANNA);
    known.typed(ANNA, 2);
    expect([known.isExempt(ANNA, 3), known.isExempt(BEN, 3), known.size]).toEqual([true, false, 1]);
  });

  it('is exempt up to the last of those few messages', () => {
    const known = new KnownRecipients(10);
    known.typed(ANNA, 0);
    for (let i = 1; i < knownRecipientUnpaid; i += 1) known.sent(ANNA);
    expect(known.isExempt(ANNA, 1)).toBe(true);
  });
});

// Catches: a place in memory for every number that is ever texted.
it('messages to others are not counted', () => {
  const known = new KnownRecipients(10);
  known.sent(ANNA);
  expect((known as unknown as { unpaid: ReadonlyMap<number, number> }).unpaid.size).toBe(0);
});
