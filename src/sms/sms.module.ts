import { Module } from '@nestjs/common';
import { SmsSettings } from '../../config/settings';
import { systemClock } from '../common/clock';
import { systemRandom } from '../common/random';
import { ConfiguredGateways } from './configured-gateways';
import { ConfiguredGatewaysModule } from './configured-gateways.module';
import { PriceLookup } from './price-lookup';
import { PricesModule } from './prices/prices.module';
import { SmsService } from './sms.service';

/** Gateways, prices, routing and fail-over, and the sandbox inbox. */
@Module({
  imports: [ConfiguredGatewaysModule, PricesModule],
  providers: [
    {
      provide: SmsService,
      inject: [ConfiguredGateways, SmsSettings, PriceLookup],
      useFactory: (gateways: ConfiguredGateways, { routes }: SmsSettings, prices: PriceLookup) =>
        new SmsService(gateways, routes, prices, systemClock, systemRandom),
    },
  ],
  exports: [ConfiguredGatewaysModule, PricesModule, SmsService],
})
export class SmsModule {}
