import { vendorOf } from '../../config/accounts';
import type { GatewayDefinition } from './gateway';

/** All gateways of this installation by name: built-in ones and those of plug-ins, with or without settings. */
export type GatewayDefinitions = Readonly<Record<string, GatewayDefinition>>;

/** Injection token of the same name. */
export const GatewayDefinitions = Symbol('GatewayDefinitions');

/** Of a gateway or of one of its accounts (`twilio.eu`); undefined when this installation has none. */
export function definitionOf(name: string, gateways: GatewayDefinitions): GatewayDefinition | undefined {
  const vendor = vendorOf(name);
  return Object.hasOwn(gateways, vendor) ? gateways[vendor] : undefined;
}
