import { smsProviders } from './providers.generated';
import type { SmsProvider, SmsProviderTools } from './sms-provider';

/**
 * The gateways that this server has settings for, ready to send.
 * @param settings validated, by gateway
 */
export function createProviders(
  settings: Readonly<Record<string, unknown>>,
  tools: SmsProviderTools,
): ReadonlyMap<string, SmsProvider> {
  return new Map(
    Object.entries(settings).flatMap(([name, config]) => {
      const definition = smsProviders[name];
      return definition ? [[name, definition.create(config, tools)] as const] : [];
    }),
  );
}
