import { useDatabase } from '../../../test/support/mongo';
import type { Price } from './price';
import { PriceBook } from './price-book.service';
import { PRICES } from './price.schema';
import { PricesRepository } from './prices.repository';

const price = (change: Partial<Price> = {}): Price => ({
  gateway: 'twilio',
  country: 'ES',
  channel: 'sms',
  price: { micros: 34_500, currency: 'EUR' },
  source: 'import',
  updatedAt: new Date(),
  ...change,
});
const nothing = () => Promise.resolve();

describe('the price book', () => {
  const test = useDatabase();
  let prices: PricesRepository;
  beforeAll(() => (prices = new PricesRepository(test.connection)));
  beforeEach(() => test.connection.collection(PRICES).deleteMany({}));
  const countries = async () =>
    (await prices.all()).map(({ country, source }) => `${country} ${source}`).sort();

  it('gives back what was stored; a later price replaces the earlier', async () => {
    await prices.save([price()], null, nothing);
    const later = price({ price: { micros: 1, currency: 'USD' } });
    await prices.save([later], null, nothing);
    expect(await prices.all()).toEqual([later]);
  });

  // Catches: leaving the transaction out, or the session out of one statement.
  it('changes nothing when the event for the audit log cannot be written', async () => {
    await prices.save([price()], null, nothing);
    const failing = () => Promise.reject(new Error('no'));
    const saving = prices.save([price({ country: 'FR' })], { source: 'import' }, failing);
    await expect(saving).rejects.toThrow('no');
    expect(await countries()).toEqual(['ES import']);
  });

  it('replaces what came from the same source, and of a vendor only its own', async () => {
    const vendor = (gateway: string) => price({ gateway, country: '*', source: 'vendor' });
    await prices.save([price(), vendor('twilio'), vendor('labsmobile')], null, nothing);
    await prices.save([price({ country: 'FR' })], { source: 'import' }, nothing);
    expect(await countries()).toEqual(['* vendor', '* vendor', 'FR import']);
    await prices.save([], { source: 'vendor', gateway: 'twilio' }, nothing);
    expect(await countries()).toEqual(['* vendor', 'FR import']);
  });

  it('imported twice at the same time is one of the two, never a mixture', async () => {
    const places = ['ES', 'FR', 'GB', 'DE'];
    const version = (micros: number) =>
      places.map((country) => price({ country, price: { micros, currency: 'EUR' } }));
    for (let round = 0; round < 5; round++) {
      await Promise.all([1, 2].map((n) => prices.save(version(n), { source: 'import' }, nothing)));
      expect(new Set((await prices.all()).map((one) => one.price.micros)).size).toBe(1);
    }
  });

  it('answers from memory, as of the last refresh', async () => {
    await prices.save([price()], null, nothing);
    const book = new PriceBook(prices);
    expect(book.priceOf('twilio', 'ES', 'sms')).toBeNull();
    await book.onApplicationBootstrap();
    book.onModuleDestroy();
    await test.connection.collection(PRICES).deleteMany({});
    expect(book.priceOf('twilio', 'ES', 'sms')).toEqual({ micros: 34_500, currency: 'EUR' });
    await book.refresh();
    expect(book.priceOf('twilio', 'ES', 'sms')).toBeNull();
  });
});
