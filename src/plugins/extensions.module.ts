import { type DynamicModule, Module } from '@nestjs/common';
import { EventSinkDefinitions } from '../audit/sinks/event-sink';
import { RiskCheckDefinitions } from '../limits/risk/check-definitions';
import { GatewayDefinitions } from '../sms/gateway-definition';
import { InstalledTexts, installedTexts } from '../sms/texts/installed-texts';
import type { Extensions } from './extensions';

/** Hands what is built in and what plug-ins added to the features that use it, each by a token of its own. */
@Module({})
export class ExtensionsModule {
  static forRoot({ gateways, riskChecks, texts, eventSinks }: Extensions): DynamicModule {
    const providers = [
      { provide: GatewayDefinitions, useValue: gateways },
      { provide: RiskCheckDefinitions, useValue: riskChecks },
      { provide: InstalledTexts, useValue: installedTexts(texts) },
      { provide: EventSinkDefinitions, useValue: eventSinks },
    ];
    return {
      module: ExtensionsModule,
      global: true,
      providers,
      exports: providers.map(({ provide }) => provide),
    };
  }
}
