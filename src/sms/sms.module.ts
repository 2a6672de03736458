import { Inject, Module } from '@nestjs/common';
import type { OnApplicationShutdown } from '@nestjs/common';
import { OutboundSettings, SmsSettings } from '../../config/settings';
import { systemClock } from '../common/clock';
import { UndiciHttpClient } from '../common/http/http-client.service';
import { createProviders } from './create-providers';
import { SandboxModule } from './sandbox/sandbox.module';
import { SandboxService } from './sandbox/sandbox.service';
import { SmsService } from './sms.service';

/** Gateways, routing and fail-over, and the sandbox inbox. */
@Module({
  imports: [SandboxModule],
  providers: [
    {
      provide: UndiciHttpClient,
      inject: [OutboundSettings],
      useFactory: ({ allowPrivate }: OutboundSettings) => new UndiciHttpClient({ allowPrivate }),
    },
    {
      provide: SmsService,
      inject: [SmsSettings, UndiciHttpClient, SandboxService],
      useFactory: (settings: SmsSettings, http: UndiciHttpClient, sandbox: SandboxService) =>
        new SmsService(
          createProviders(settings.providers, {
            http,
            sandbox,
            receive: () => Promise.reject(new Error('nothing receives yet')),
          }),
          settings.routes,
          systemClock,
        ),
    },
  ],
  exports: [SmsService, SandboxModule],
})
export class SmsModule implements OnApplicationShutdown {
  constructor(@Inject(UndiciHttpClient) private readonly http: UndiciHttpClient) {}

  /** After the drain, in which running sends came to their end. */
  async onApplicationShutdown(): Promise<void> {
    await this.http.close();
  }
}
