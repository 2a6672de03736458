import { vendorOf } from '../../config/accounts';
import type { GatewayDefinition } from './gateway';
import { gateways } from './gateways.generated';

/** Of a gateway or of one of its accounts (`twilio.eu`); undefined when this build has none. */
export function definitionOf(name: string): GatewayDefinition | undefined {
  const vendor = vendorOf(name);
  return Object.hasOwn(gateways, vendor) ? gateways[vendor] : undefined;
}
