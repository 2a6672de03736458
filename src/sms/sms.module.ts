import { Inject, Module } from '@nestjs/common';
import type { OnApplicationShutdown } from '@nestjs/common';
import { OutboundSettings, SmsSettings } from '../../config/settings';
import { systemClock } from '../common/clock';
import { UndiciHttpClient } from '../common/http/http-client.service';
import { GuardedTcpConnector } from '../common/outbound/tcp-connector.service';
import { systemRandom } from '../common/random';
import { configuredGateways } from './configured-gateways';
import { PriceBookModule } from '../prices/price-book.module';
import { PriceLookup } from './price-lookup';
import { SandboxModule } from './sandbox/sandbox.module';
import { SandboxService } from './sandbox/sandbox.service';
import { SmsService } from './sms.service';

/** Gateways, routing and fail-over, and the sandbox inbox. */
@Module({
  imports: [PriceBookModule, SandboxModule],
  providers: [
    {
      provide: UndiciHttpClient,
      inject: [OutboundSettings],
      useFactory: ({ allowPrivate }: OutboundSettings) => new UndiciHttpClient({ allowPrivate }),
    },
    {
      provide: GuardedTcpConnector,
      inject: [OutboundSettings],
      useFactory: ({ allowPrivate }: OutboundSettings) => new GuardedTcpConnector({ allowPrivate }),
    },
    {
      provide: SmsService,
      inject: [SmsSettings, UndiciHttpClient, SandboxService, GuardedTcpConnector, PriceLookup],
      useFactory: (
        settings: SmsSettings,
        http: UndiciHttpClient,
        sandbox: SandboxService,
        tcp: GuardedTcpConnector,
        prices: PriceLookup,
      ) =>
        new SmsService(
          configuredGateways(settings.providers, {
            http,
            tcp,
            sandbox,
            receive: () => Promise.reject(new Error('nothing receives yet')),
          }),
          settings.routes,
          prices,
          systemClock,
          systemRandom,
        ),
    },
  ],
  exports: [SmsService, SandboxModule],
})
export class SmsModule implements OnApplicationShutdown {
  constructor(
    @Inject(UndiciHttpClient) private readonly http: UndiciHttpClient,
    private readonly sms: SmsService,
  ) {}

  /** After the drain, in which running sends came to their end. */
  async onApplicationShutdown(): Promise<void> {
    await this.sms.close();
    await this.http.close();
  }
}
