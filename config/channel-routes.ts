import { type Channel, channels } from '../src/common/channel';
import { carriersOf, type GatewayRegistry } from './gateway-env';
import type { PartialEnv } from './production';
import { gatewaysOf, type ParsedRoutes, parseRoutes } from './routes';
import type { RoutesByChannel } from './settings';

/** Where the routes of a channel are set. */
export const routeVariables = {
  sms: 'SMS_ROUTES',
  voice: 'VOICE_ROUTES',
  whatsapp: 'WHATSAPP_ROUTES',
  email: 'EMAIL_ROUTES',
} as const satisfies Record<Channel, keyof PartialEnv>;

export interface ReadRoutes {
  readonly routes: RoutesByChannel;
  /** Also when some route is wrong: the settings of the others are still checked. */
  readonly gateways: readonly string[];
  readonly problems: readonly string[];
}

/** The routes of all channels. */
export function readRoutes(env: PartialEnv, gateways: GatewayRegistry): ReadRoutes {
  const read = channels.map((channel) => [channel, readChannel(channel, env, gateways)] as const);
  const used = read.flatMap(([, parsed]) => (parsed.ok ? gatewaysOf(parsed.routes) : parsed.gateways));
  return {
    routes: Object.fromEntries(
      read.map(([channel, parsed]) => [channel, parsed.ok ? parsed.routes : []]),
    ) as Record<Channel, RoutesByChannel[Channel]>,
    gateways: [...new Set(used)],
    problems: read.flatMap(([channel, parsed]) => problemsOf(channel, parsed, env)),
  };
}

function readChannel(channel: Channel, env: PartialEnv, gateways: GatewayRegistry): ParsedRoutes {
  const text = env[routeVariables[channel]] ?? defaultRoutes(channel, env, gateways);
  if (text === null) return { ok: true, routes: [] };
  const forChannel = { channel, gateways: carriersOf(channel, gateways) };
  return parseRoutes(text, Object.keys(gateways), forChannel);
}

/** Everything ends in the sandbox inbox until it is routed; in production nothing does. */
function defaultRoutes(channel: Channel, env: PartialEnv, gateways: GatewayRegistry): string | null {
  if (env.NODE_ENV === 'production') return null;
  return carriersOf(channel, gateways).includes('console') ? '*:console' : null;
}

function problemsOf(channel: Channel, parsed: ParsedRoutes, env: PartialEnv): string[] {
  const name = routeVariables[channel];
  const problems = parsed.ok ? [] : parsed.problems.map((problem) => `${name}: ${problem}`);
  const used = parsed.ok ? gatewaysOf(parsed.routes) : parsed.gateways;
  if (used.includes('console') && env.NODE_ENV === 'production' && env.SANDBOX === false)
    problems.push(
      `${name}: the gateway "console" sends nothing; in production name a real one, or allow it by SANDBOX=true`,
    );
  return problems;
}
