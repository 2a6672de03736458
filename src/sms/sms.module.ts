import { Inject, Module } from '@nestjs/common';
import type { OnApplicationShutdown } from '@nestjs/common';
import { OutboundSettings, SmsSettings } from '../../config/settings';
import { systemClock } from '../common/clock';
import { UndiciHttpClient } from '../common/outbound/http-client.service';
import { GuardedTcpConnector } from '../common/outbound/tcp-connector.service';
import { systemRandom } from '../common/random';
import { configuredGateways, type SharedTools } from './configured-gateways';
import { PriceBookModule } from './prices/price-book.module';
import { PriceLookup } from './price-lookup';
import { ReceiptInbox } from './receipt-inbox';
import { SandboxModule } from './sandbox/sandbox.module';
import { SandboxService } from './sandbox/sandbox.service';
import { SmsService } from './sms.service';

const GATEWAY_TOOLS = Symbol('GatewayTools');

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
    ReceiptInbox,
    {
      provide: GATEWAY_TOOLS,
      inject: [UndiciHttpClient, GuardedTcpConnector, SandboxService, ReceiptInbox],
      useFactory: (
        http: UndiciHttpClient,
        tcp: GuardedTcpConnector,
        sandbox: SandboxService,
        inbox: ReceiptInbox,
      ): SharedTools => ({ http, tcp, sandbox, receive: (...call) => inbox.receive(...call) }),
    },
    {
      provide: SmsService,
      inject: [SmsSettings, GATEWAY_TOOLS, PriceLookup],
      useFactory: (settings: SmsSettings, tools: SharedTools, prices: PriceLookup) =>
        new SmsService(
          configuredGateways(settings.providers, tools),
          settings.routes,
          prices,
          systemClock,
          systemRandom,
        ),
    },
  ],
  exports: [ReceiptInbox, SmsService, SandboxModule],
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
