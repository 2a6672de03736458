import { Module } from '@nestjs/common';
import { SmsSettings } from '../../config/settings';
import { systemClock } from '../common/clock';
import { systemRandom } from '../common/random';
import { ConfiguredGateways } from './configured-gateways';
import { ConfiguredGatewaysModule } from './configured-gateways.module';
import { PriceLookup } from './price-lookup';
import { PricesModule } from './prices/prices.module';
import { SmsService } from './sms.service';
import { InstalledTexts } from './texts/installed-texts';

/** Gateways, prices, routing and fail-over, and the sandbox inbox. */
@Module({
  imports: [ConfiguredGatewaysModule, PricesModule],
  providers: [
    {
      provide: SmsService,
      inject: [ConfiguredGateways, SmsSettings, InstalledTexts, PriceLookup],
      useFactory: (
        gateways: ConfiguredGateways,
        { routes }: SmsSettings,
        texts: InstalledTexts,
        prices: PriceLookup,
      ) => new SmsService(gateways, { routes, texts }, prices, systemClock, systemRandom),
    },
  ],
  exports: [ConfiguredGatewaysModule, PricesModule, SmsService],
})
export class SmsModule {}
