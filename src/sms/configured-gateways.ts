import type { Channel } from '../common/channel';
import { smsProviders } from './gateways.generated';
import type { ReceiptHandler } from './receipt-inbox';
import { defaultLimits } from './gateway';
import type { SmsLimits, SmsProvider, SmsProviderDefinition, SmsProviderTools } from './gateway';

/** A gateway with its settings, ready to send. */
export interface ConfiguredGateway {
  readonly provider: SmsProvider;
  readonly channels: readonly Channel[];
  readonly limits: SmsLimits;
}

/** What all gateways share; each receives in its own name. */
export interface SharedTools extends Omit<SmsProviderTools, 'receive'> {
  readonly receive: ReceiptHandler;
}

/**
 * The gateways that this server has settings for.
 * @param settings validated, by gateway
 */
export function configuredGateways(
  settings: Readonly<Record<string, unknown>>,
  shared: SharedTools,
): ReadonlyMap<string, ConfiguredGateway> {
  return new Map(
    Object.entries(settings).flatMap(([name, config]) => {
      const definition = smsProviders[name];
      const tools: SmsProviderTools = {
        ...shared,
        receive: (receipts) => shared.receive(name, receipts),
      };
      return definition ? [[name, configured(definition, config, tools)] as const] : [];
    }),
  );
}

function configured(
  definition: SmsProviderDefinition,
  config: unknown,
  tools: SmsProviderTools,
): ConfiguredGateway {
  return {
    provider: definition.create(config, tools),
    channels: definition.channels ?? ['sms'],
    limits: { ...defaultLimits, ...definition.limits },
  };
}
