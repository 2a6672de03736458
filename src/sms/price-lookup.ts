import type { Channel } from '../common/channel';
import type { Money } from '../common/money';

/** What messages cost by our own price book: all that routing knows of `prices/`. */
export interface PriceLookup {
  /**
   * One part (voice: one call; WhatsApp, e-mail: one message). No I/O: asked on the way of every message.
   * @param country ISO 3166-1 alpha-2, or null for numbers of no country
   * @returns null when the book has no price
   */
  priceOf(gateway: string, country: string | null, channel: Channel): Money | null;

  /** All that the book says of it, by the operator and by the vendor: for whoever must not guess too low. */
  pricesOf(gateway: string, country: string | null, channel: Channel): readonly Money[];
}

/** Injection token of the same name as the port. */
export const PriceLookup = Symbol('PriceLookup');
