import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { AuditModule } from '../../audit/audit.module';
import { ConfiguredGatewaysModule } from '../configured-gateways.module';
import { PriceLookup } from '../price-lookup';
import { PriceBook } from './price-book.service';
import { PRICES, priceSchema } from './price.schema';
import { PricesController } from './prices.controller';
import { PricesRepository } from './prices.repository';
import { PricesService } from './prices.service';

/** What messages cost: the price book, and how it is filled and shown. */
@Module({
  imports: [
    AuditModule,
    ConfiguredGatewaysModule,
    MongooseModule.forFeature([{ name: PRICES, schema: priceSchema }]),
  ],
  controllers: [PricesController],
  providers: [PricesRepository, PriceBook, PricesService, { provide: PriceLookup, useExisting: PriceBook }],
  exports: [PriceLookup],
})
export class PricesModule {}
