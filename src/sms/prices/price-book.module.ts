import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { PriceLookup } from '../price-lookup';
import { PriceBook } from './price-book.service';
import { PRICES, priceSchema } from './price.schema';
import { PricesRepository } from './prices.repository';

/** The price book alone, for whoever asks it: knows nothing of gateways, so that they may know it. */
@Module({
  imports: [MongooseModule.forFeature([{ name: PRICES, schema: priceSchema }])],
  providers: [PricesRepository, PriceBook, { provide: PriceLookup, useExisting: PriceBook }],
  exports: [PricesRepository, PriceBook, PriceLookup],
})
export class PriceBookModule {}
