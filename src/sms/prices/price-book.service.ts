import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Channel } from '../../common/channel';
import type { Money } from '../../common/money';
import type { PriceLookup } from '../price-lookup';
import { PriceTable } from './price';
import { PricesRepository } from './prices.repository';

/** How old the copy in memory may be; an import on this instance shows at once. */
const REFRESH_MS = 30_000;

/** The price book in memory: a text never waits for a price. Without the database it goes on with what it has. */
@Injectable()
export class PriceBook implements PriceLookup, OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(PriceBook.name);
  private table = new PriceTable([]);
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly prices: PricesRepository) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.refreshSafely();
    this.timer = setInterval(() => void this.refreshSafely(), REFRESH_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  priceOf(gateway: string, country: string | null, channel: Channel): Money | null {
    return this.table.priceOf(gateway, country, channel);
  }

  pricesOf(gateway: string, country: string | null, channel: Channel): readonly Money[] {
    return this.table.pricesOf(gateway, country, channel);
  }

  async refresh(): Promise<void> {
    this.table = new PriceTable(await this.prices.all());
  }

  private async refreshSafely(): Promise<void> {
    try {
      await this.refresh();
    } catch {
      this.logger.warn('prices could not be read; the last ones stay in force');
    }
  }
}
