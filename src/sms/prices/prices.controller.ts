import { Body, Controller, Get, HttpCode, HttpStatus, Post, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { AdminOnly } from '../../access/access.decorators';
import { TakesImports } from '../../common/http/body/import-body';
import { invalidRequest } from '../../common/validation';
import { COLUMNS } from './price-import';
import {
  downloadPricesBody,
  importAnswer,
  importPricesBody,
  importPricesJson,
  importPricesQuery,
  priceListAnswer,
  pricesQuery,
  type DownloadPrices,
  type ImportAnswer,
  type ImportPricesQuery,
  type PriceListAnswer,
  type PricesQueryInput,
} from './prices.dto';
import { PricesService } from './prices.service';

const CSV_EXAMPLE = `${COLUMNS.join(',')}\nlabsmobile,ES,sms,0.0345,EUR\n`;

@ApiTags('Prices')
@AdminOnly()
@Controller('v1/prices')
export class PricesController {
  constructor(private readonly prices: PricesService) {}

  @Get()
  @ApiOperation({ summary: 'List prices', description: 'By gateway, country, channel and source.' })
  @ApiResponse({ status: 200, description: 'One page.', standardSchema: priceListAnswer })
  list(@Query({ schema: pricesQuery }) query: PricesQueryInput): Promise<PriceListAnswer> {
    return this.prices.list(query);
  }

  @Put()
  @TakesImports()
  @ApiOperation({
    summary: 'Import prices',
    description:
      'All or none, at most 10,000. Errors name the line and the column. On this instance the prices count at once, ' +
      'on others within 30 s. CSV may say `?replace=true`.',
    requestBody: {
      required: true,
      content: {
        'application/json': { schema: importPricesJson },
        'text/csv': { schema: { type: 'string' }, example: CSV_EXAMPLE },
      },
    },
  })
  @ApiResponse({ status: 200, description: 'Stored.', standardSchema: importAnswer })
  async import(
    @Body() body: unknown,
    @Query({ schema: importPricesQuery }) query: ImportPricesQuery,
  ): Promise<ImportAnswer> {
    if (typeof body === 'string') return { imported: await this.prices.import(body, query.replace ?? false) };
    const read = importPricesBody.safeParse(body);
    if (!read.success) throw invalidRequest(read.error.issues, body, 'body');
    const { prices, replace } = read.data;
    return { imported: await this.prices.import(prices, replace ?? query.replace ?? false) };
  }

  @Post('download')
  @HttpCode(HttpStatus.OK)
  @ApiOperation({
    summary: "Take a gateway's own price list",
    description: 'It replaces the last one of this gateway. Imported prices stay and come first.',
  })
  @ApiResponse({ status: 200, description: 'Stored.', standardSchema: importAnswer })
  async download(@Body({ schema: downloadPricesBody }) { gateway }: DownloadPrices): Promise<ImportAnswer> {
    return { imported: await this.prices.download(gateway) };
  }
}
