import type { Channel } from '../common/channel';
import { withTimeout } from '../common/with-timeout';
import { definitionOf, type GatewayDefinitions } from './gateway-definition';
import type { SmsReceipt } from './receipt';
import type { ReceiptHandler } from './receipt-inbox';
import { readReceipts, soundGateway } from './sound-gateway';
import { defaultLimits } from './gateway';
import { servedChannels } from './served-channels';
import { offeredSenders, type OfferedSenders } from './senders/sender-choice';
import type { SmsLimits, Gateway, GatewayDefinition, GatewayTools } from './gateway';

/** A gateway with its settings, ready to send. */
export interface ConfiguredGateway {
  /** The product's name as the vendor writes it. */
  readonly title: string;
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
        receive: async (receipts) => shared.receive(name, receiptsIn(receipts)),
      };
      return definition ? [[name, configured(definition, config, tools)] as const] : [];
    }),
  );
}

function configured(definition: GatewayDefinition, config: unknown, tools: GatewayTools): ConfiguredGateway {
  return {
    title: definition.docs.title,
    gateway: soundGateway(definition.create(config, tools)),
    channels: servedChannels(definition, config),
    limits: { ...defaultLimits, ...definition.limits },
    senders: offeredSenders(definition, config),
  };
}

function receiptsIn(told: unknown): readonly SmsReceipt[] {
  const read = readReceipts(told);
  if (read) return read;
  throw new Error('these are no receipts');
}

const CLOSE_TIMEOUT_MS = 5_000;

/** Ends the connections that gateways keep themselves; after that nothing can be sent. Ends in time, and never throws. */
export async function closeGateways(
  gateways: ConfiguredGateways,
  timeoutMs = CLOSE_TIMEOUT_MS,
): Promise<void> {
  const closed = Array.from(gateways.values(), async ({ gateway }) => gateway.close?.());
  const late = () => new Error('late');
  await withTimeout(Promise.allSettled(closed), timeoutMs, late).catch(() => undefined);
}
