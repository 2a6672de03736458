import type { Channel } from '../common/channel';
import { definitionOf, type GatewayDefinitions } from './gateway-definition';
import type { ReceiptHandler } from './receipt-inbox';
import { defaultLimits } from './gateway';
import { servedChannels } from './served-channels';
import { offeredSenders, type OfferedSenders } from './senders/sender-choice';
import type { SmsLimits, Gateway, GatewayDefinition, GatewayTools } from './gateway';

/** A gateway with its settings, ready to send. */
export interface ConfiguredGateway {
  readonly gateway: Gateway;
  /** Those that its settings suffice for. */
  readonly channels: readonly Channel[];
  readonly limits: SmsLimits;
  readonly senders: OfferedSenders;
}

/** The gateways that this server has settings for, by name. */
export type ConfiguredGateways = ReadonlyMap<string, ConfiguredGateway>;

/** Injection token of the same name. */
export const ConfiguredGateways = Symbol('ConfiguredGateways');

/** What all gateways share; each receives in its own name. */
export interface SharedTools extends Omit<GatewayTools, 'receive'> {
  readonly receive: ReceiptHandler;
}

/**
 * @param definitions all of this installation
 * @param settings validated, by gateway
 */
export function configuredGateways(
  definitions: GatewayDefinitions,
  settings: Readonly<Record<string, unknown>>,
  shared: SharedTools,
): ConfiguredGateways {
  return new Map(
    Object.entries(settings).flatMap(([name, config]) => {
      const definition = definitionOf(name, definitions);
      const tools: GatewayTools = {
        ...shared,
        receive: (receipts) => shared.receive(name, receipts),
      };
      return definition ? [[name, configured(definition, config, tools)] as const] : [];
    }),
  );
}

function configured(definition: GatewayDefinition, config: unknown, tools: GatewayTools): ConfiguredGateway {
  return {
    gateway: definition.create(config, tools),
    channels: servedChannels(definition, config),
    limits: { ...defaultLimits, ...definition.limits },
    senders: offeredSenders(definition, config),
  };
}

/** Ends the connections that gateways keep themselves; after that nothing can be sent. Never throws. */
export async function closeGateways(gateways: ConfiguredGateways): Promise<void> {
  await Promise.allSettled(Array.from(gateways.values(), async ({ gateway }) => gateway.close?.()));
}
