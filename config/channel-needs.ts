import { type Channel, channels } from '../src/common/channel';
import { routeVariables } from './channel-routes';
import { type GatewayRegistry, gatewayVariables } from './gateway-env';
import { gatewaysOf } from './routes';
import type { RoutesByChannel } from './settings';

/**
 * Routes to gateways that cannot serve the channel with the settings that they have, each as `NAME: remedy`. Without
 * this every message of the channel would be refused when it is too late.
 * @param settings validated, by gateway; what is not in it is a problem of its own
 */
export function channelNeeds(
  routes: RoutesByChannel,
  gateways: GatewayRegistry,
  settings: Readonly<Record<string, unknown>>,
): string[] {
  return channels.flatMap((channel) =>
    gatewaysOf(routes[channel]).flatMap((name) =>
      Object.hasOwn(settings, name) ? missingFor(channel, name, gateways, settings[name]) : [],
    ),
  );
}

function missingFor(channel: Channel, name: string, gateways: GatewayRegistry, config: unknown): string[] {
  const gateway = gateways[name];
  const missing = gateway?.missing?.(channel, config) ?? [];
  if (!gateway || missing.length === 0) return [];
  const variables = gatewayVariables(gateway).filter(({ key }) => missing.includes(key));
  return variables.map(
    (one) =>
      `${one.name}: is missing; ${routeVariables[channel]} names "${name}", which needs it (${one.description})`,
  );
}
