import { Module } from '@nestjs/common';
import type { OnApplicationShutdown } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { OutboundSettings, RiskSettings } from '../../../config/settings';
import { systemClock } from '../../common/clock';
import { UndiciHttpClient } from '../../common/outbound/http-client.service';
import { KeyRing } from '../../keys/key-ring.service';
import { KeysModule } from '../../keys/keys.module';
import { CALLS_AT_A_TIME } from './asking';
import { RiskCheckDefinitions } from './check-definitions';
import { ConfiguredChecks, configuredChecks } from './configured-checks';
import { RISK_REDEMPTIONS, redemptionSchema } from './redemption.schema';
import { RedemptionsRepository } from './redemptions.repository';
import { RiskGate } from './risk.gate';

/** Risk checks with their settings and connections, and the gate that asks them. */
@Module({
  imports: [KeysModule, MongooseModule.forFeature([{ name: RISK_REDEMPTIONS, schema: redemptionSchema }])],
  providers: [
    RedemptionsRepository,
    {
      provide: UndiciHttpClient,
      inject: [OutboundSettings],
      useFactory: ({ allowPrivate }: OutboundSettings) =>
        // As many sockets as calls, so that no call's time is spent on waiting for another one's.
        new UndiciHttpClient({ allowPrivate, connectionsPerOrigin: CALLS_AT_A_TIME }),
    },
    {
      provide: ConfiguredChecks,
      inject: [RiskCheckDefinitions, RiskSettings, UndiciHttpClient, KeyRing, RedemptionsRepository],
      useFactory: (
        definitions: RiskCheckDefinitions,
        { checks }: RiskSettings,
        http: UndiciHttpClient,
        keys: KeyRing,
        redemptions: RedemptionsRepository,
      ): ConfiguredChecks =>
        configuredChecks(definitions, checks, {
          http,
          clock: systemClock,
          sign: (...fields) => keys.digest('challenge', ...fields),
          redeem: (id) => redemptions.redeem(id),
        }),
    },
    RiskGate,
  ],
  exports: [ConfiguredChecks, RiskGate],
})
export class RiskModule implements OnApplicationShutdown {
  constructor(private readonly http: UndiciHttpClient) {}

  /** After the shutdown's wait, in which running creates came to their end. */
  async onApplicationShutdown(): Promise<void> {
    await this.http.close();
  }
}
