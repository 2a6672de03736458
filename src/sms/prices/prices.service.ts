import { Inject, Injectable } from '@nestjs/common';
import { adminEvent } from '../../audit/admin-event';
import { AuditService } from '../../audit/audit.service';
import { DomainError, unavailable } from '../../common/errors';
import { invalidField } from '../../common/validation';
import { ConfiguredGateways } from '../configured-gateways';
import type { SmsPrice } from '../gateway';
import { GatewayDefinitions } from '../gateway-definition';
import { PriceBook } from './price-book.service';
import { jsonRows, csvRows, readPrices, type ImportedPrice } from './price-import';
import type { PriceSource } from './price';
import type { ImportPrices, PriceListAnswer, PricesQueryInput } from './prices.dto';
import { toPriceList } from './prices.dto';
import { PricesRepository, type Replaced } from './prices.repository';

/** A vendor's list may be long; the caller waits at most 10 s for everything. */
const DOWNLOAD_TIMEOUT_MS = 7_000;

/** Fills and shows the price book. */
@Injectable()
export class PricesService {
  constructor(
    private readonly prices: PricesRepository,
    private readonly book: PriceBook,
    @Inject(ConfiguredGateways) private readonly configured: ConfiguredGateways,
    @Inject(GatewayDefinitions) private readonly definitions: GatewayDefinitions,
    private readonly audit: AuditService,
  ) {}

  async list({ cursor, ...query }: PricesQueryInput): Promise<PriceListAnswer> {
    const { limit } = query;
    const after = cursor === undefined ? {} : { after: cursor };
    return toPriceList(await this.prices.list({ ...query, ...after, limit: limit + 1 }), limit);
  }

  /**
   * All prices or none.
   * @param given rows of the JSON body, or CSV
   * @returns how many
   * @throws DomainError `invalid_request`, naming line and column, or the path in the JSON
   */
  async import(given: ImportPrices['prices'] | string, replace: boolean): Promise<number> {
    const rows = typeof given === 'string' ? csvRows(given) : { ok: true as const, rows: jsonRows(given) };
    const read = rows.ok ? readPrices(rows.rows, this.names()) : rows;
    if (!read.ok)
      throw new DomainError('invalid_request', {
        detail: 'Nothing was imported. See errors for what to change.',
        errors: read.problems,
      });
    return this.store(read.prices, 'import', replace ? { source: 'import' } : null);
  }

  /**
   * Takes the vendor's own price list; it replaces the last one, and nothing that was imported.
   * @throws DomainError `invalid_request` when this gateway has none, `unavailable` when it did not answer
   */
  async download(gateway: string): Promise<number> {
    const listed = await this.ask(gateway);
    const prices = listed.map(({ country, channel, price }) => ({ gateway, country, channel, price }));
    return this.store(prices, 'vendor', { source: 'vendor', gateway });
  }

  private async ask(name: string): Promise<readonly SmsPrice[]> {
    const gateway = this.configured.get(name)?.gateway;
    if (!gateway?.prices) throw this.noPriceList();
    try {
      return await gateway.prices(AbortSignal.timeout(DOWNLOAD_TIMEOUT_MS));
    } catch {
      // What was thrown may quote the vendor.
      throw unavailable('The gateway did not give its price list. Try again later.', 60);
    }
  }

  /** Of this installation, and the accounts that have settings. */
  private names(): string[] {
    return [...new Set([...Object.keys(this.definitions), ...this.configured.keys()])];
  }

  private noPriceList(): DomainError {
    const able = [...this.configured].flatMap(([name, { gateway }]) => (gateway.prices ? [name] : []));
    const remedy = able.length > 0 ? `It can be had for: ${able.join(', ')}.` : 'No routed gateway has one.';
    return invalidField(
      'gateway',
      `There is no price list of this gateway. ${remedy} Import prices instead.`,
    );
  }

  private async store(
    prices: readonly ImportedPrice[],
    source: PriceSource,
    replaced: Replaced | null,
  ): Promise<number> {
    const event = adminEvent('settings_changed', null, { changed: 'prices', source, count: prices.length });
    await this.prices.save(
      prices.map((price) => ({ ...price, source, updatedAt: event.at })),
      replaced,
      (session) => this.audit.record(event, session),
    );
    await this.book.refresh();
    return prices.length;
  }
}
