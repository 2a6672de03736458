import type { Channel } from '../common/channel';
import type { GatewayDefinition } from './gateway';

/** The channels of a gateway that its settings suffice for. */
export function servedChannels(definition: GatewayDefinition, config: unknown): Channel[] {
  const { channels = ['sms'] } = definition;
  return channels.filter((channel) => (definition.missing?.(channel, config) ?? []).length === 0);
}
