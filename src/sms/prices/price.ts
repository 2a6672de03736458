import type { Channel } from '../../common/channel';
import type { Money } from '../../common/money';
import type { PriceLookup } from '../price-lookup';

/** `import`: what the operator says; `vendor`: what the vendor's own price list says. Both are kept side by side. */
export const priceSources = ['import', 'vendor'] as const;
export type PriceSource = (typeof priceSources)[number];

/** For every country without a price of its own. */
export const ANY_COUNTRY = '*';

/** What one part of a message costs through a gateway. */
export interface Price {
  readonly gateway: string;
  /** ISO 3166-1 alpha-2, or {@link ANY_COUNTRY}. */
  readonly country: string;
  readonly channel: Channel;
  readonly price: Money;
  readonly source: PriceSource;
  readonly updatedAt: Date;
}

/** Names a price: of two with the same id, the later one replaces the earlier. */
export function priceId({ gateway, country, channel, source }: Omit<Price, 'price' | 'updatedAt'>): string {
  return [gateway, country, channel, source].join('/');
}

/**
 * All prices, ready to be asked. The country's own price comes before that for all others; of each, what the
 * operator imported comes before the vendor's list: a contract knows more than a public tariff.
 */
export class PriceTable implements PriceLookup {
  private readonly prices: ReadonlyMap<string, Money>;

  constructor(prices: readonly Omit<Price, 'updatedAt'>[]) {
    this.prices = new Map(prices.map((price) => [priceId(price), price.price]));
  }

  priceOf(gateway: string, country: string | null, channel: Channel): Money | null {
    for (const place of country === null ? [ANY_COUNTRY] : [country, ANY_COUNTRY]) {
      for (const source of priceSources) {
        const found = this.prices.get(priceId({ gateway, country: place, channel, source }));
        if (found) return found;
      }
    }
    return null;
  }

  pricesOf(gateway: string, country: string | null, channel: Channel): Money[] {
    return priceSources.flatMap((source) => {
      const at = (place: string) => this.prices.get(priceId({ gateway, country: place, channel, source }));
      return at(country ?? ANY_COUNTRY) ?? at(ANY_COUNTRY) ?? [];
    });
  }
}
