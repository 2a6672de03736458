import { KnownRecipients } from './recipients';
import { knownRecipientMs, knownRecipientUnpaid } from './rules';

describe('a recipient that typed a code', () => {
  it('is exempt for a while', () => {
    const known = new KnownRecipients(10);
    known.typed('anna', 0);
    expect([known.isExempt('anna', 1), known.isExempt('ben', 1)]).toEqual([true, false]);
    expect(known.isExempt('anna', knownRecipientMs)).toBe(false);
  });

  // Catches: who typed one code once may be pumped for ever.
  it('has to type one again after a few messages', () => {
    const known = new KnownRecipients(10);
    known.typed('anna', 0);
    for (let i = 0; i < knownRecipientUnpaid; i += 1) known.sent('anna');
    expect(known.isExempt('anna', 1)).toBe(false);
    known.typed('anna', 2);
    expect(known.isExempt('anna', 3)).toBe(true);
  });

  it('is forgotten when others came later', () => {
    const known = new KnownRecipients(10);
    for (let i = 0; i < 1_000; i += 1) known.typed(`r${i}`, i);
    expect([known.size, known.isExempt('r999', 1_000), known.isExempt('r0', 1_000)]).toEqual([
      10,
      true,
      false,
    ]);
  });
});
