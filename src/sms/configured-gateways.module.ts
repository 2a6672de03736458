import { Inject, Module } from '@nestjs/common';
import type { OnApplicationShutdown } from '@nestjs/common';
import { OutboundSettings, SmsSettings } from '../../config/settings';
import { UndiciHttpClient } from '../common/outbound/http-client.service';
import { GuardedTcpConnector } from '../common/outbound/tcp-connector.service';
import {
  closeGateways,
  ConfiguredGateways,
  configuredGateways,
  type SharedTools,
} from './configured-gateways';
import { GatewayDefinitions } from './gateway-definition';
import { ReceiptInbox } from './receipt-inbox';
import { SandboxModule } from './sandbox/sandbox.module';
import { SandboxService } from './sandbox/sandbox.service';

const SHARED_TOOLS = Symbol('SHARED_TOOLS');

/** The gateways alone, with their settings and connections: for whoever routes messages or asks for prices. */
@Module({
  imports: [SandboxModule],
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
      provide: SHARED_TOOLS,
      inject: [UndiciHttpClient, GuardedTcpConnector, SandboxService, ReceiptInbox],
      useFactory: (
        http: UndiciHttpClient,
        tcp: GuardedTcpConnector,
        sandbox: SandboxService,
        inbox: ReceiptInbox,
      ): SharedTools => ({ http, tcp, sandbox, receive: (...call) => inbox.receive(...call) }),
    },
    {
      provide: ConfiguredGateways,
      inject: [GatewayDefinitions, SmsSettings, SHARED_TOOLS],
      useFactory: (
        definitions: GatewayDefinitions,
        settings: SmsSettings,
        tools: SharedTools,
      ): ConfiguredGateways => configuredGateways(definitions, settings.gateways, tools),
    },
  ],
  exports: [ConfiguredGateways, ReceiptInbox, SandboxModule],
})
export class ConfiguredGatewaysModule implements OnApplicationShutdown {
  constructor(
    @Inject(ConfiguredGateways) private readonly gateways: ConfiguredGateways,
    @Inject(UndiciHttpClient) private readonly http: UndiciHttpClient,
  ) {}

  /** After the shutdown's wait, in which running sends came to their end. */
  async onApplicationShutdown(): Promise<void> {
    await closeGateways(this.gateways);
    await this.http.close();
  }
}
