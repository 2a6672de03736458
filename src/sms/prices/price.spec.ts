import { PriceTable, type Price } from './price';

const price = (country: string, source: Price['source'], micros: number): Omit<Price, 'updatedAt'> => ({
  gateway: 'twilio',
  country,
  channel: 'sms',
  source,
  price: { micros, currency: 'EUR' },
});

describe('the price table', () => {
  const all = [price('*', 'vendor', 1), price('*', 'import', 2), price('ES', 'vendor', 3)];

  it('prefers the price of the country to that for all others', () => {
    expect(new PriceTable(all).priceOf('twilio', 'ES', 'sms')).toEqual({ micros: 3, currency: 'EUR' });
    expect(new PriceTable(all).priceOf('twilio', 'GB', 'sms')?.micros).toBe(2);
    expect(new PriceTable(all).priceOf('twilio', null, 'sms')?.micros).toBe(2);
  });

  // Catches: letting a download win over what the operator negotiated.
  it('prefers what was imported to what the vendor lists', () => {
    const table = new PriceTable([...all, price('ES', 'import', 4)]);
    expect(table.priceOf('twilio', 'ES', 'sms')?.micros).toBe(4);
  });

  it('knows nothing of other gateways and channels', () => {
    expect(new PriceTable(all).priceOf('vonage', 'ES', 'sms')).toBeNull();
    expect(new PriceTable(all).priceOf('twilio', 'ES', 'voice')).toBeNull();
  });
});
