import { tallies, type TallyCell } from './tally';

const cell = (vendorCode: string | null, sends: number): TallyCell => ({
  _id: {
    ...{ country: 'ES', gateway: 'x', channel: 'sms', purpose: 'default' },
    ...{ toDelivery: null, toApproval: null, estimateCurrency: null, priceCurrency: null },
    ...{ failure: 'content', vendorCode },
  },
  ...{ verifications: 0, approved: 0, expired: 0, sends, accepted: 0, duplicates: 0, delivered: 0 },
  ...{ undelivered: 0, skipped: 0, estimate: 0, price: 0 },
});

describe('a tally', () => {
  it('counts failures by reason and the vendor’s own code', () => {
    expect(tallies([cell('30007', 2), cell(null, 3), cell('30007', 1)])).toEqual([
      {
        ...{ country: 'ES', gateway: 'x', channel: 'sms', purpose: 'default' },
        counts: { sends: 6, 'failed:content:30007': 3, 'failed:content:': 3 },
      },
    ]);
  });

  // Catches: a vendor that makes up a code for each call, and an hour that outgrows its document.
  it('keeps the most frequent codes, and counts the rest by their reason', () => {
    const cells = Array.from({ length: 10_000 }, (_, n) => cell(`made-up-${n}`, 1));
    const [tally] = tallies([cell('30007', 5), ...cells]);
    const { sends, ...failures } = tally!.counts;
    expect(sends).toBe(10_005);
    expect(failures).toMatchObject({ 'failed:content:30007': 5, 'failed:content:': 9_951 });
    expect(Object.keys(failures)).toHaveLength(51);
  });
});
