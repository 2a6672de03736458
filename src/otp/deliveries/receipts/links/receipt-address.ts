/** What stands in the addresses that gateways report to. */
import { isPublicAddress } from '../../../../common/outbound/outbound-policy';

/** A delivery by its two ids, 22 base64url characters each. */
export interface DeliveryName {
  readonly verificationId: string;
  readonly deliveryId: string;
}

export const ID_LENGTH = 22;
const NAME = /^[A-Za-z0-9_-]{44}$/;

/** What `SmsMessage.clientReference` says; null when a vendor gives back anything else. */
export function readClientReference(text: string): DeliveryName | null {
  if (!NAME.test(text)) return null;
  return { verificationId: text.slice(0, ID_LENGTH), deliveryId: text.slice(ID_LENGTH) };
}

/**
 * Whether a gateway can call us back. A vendor in the internet cannot reach a machine that is known to its own
 * network only, and some refuse the whole message for such an address; a gateway in that network can.
 * @param gatewayUrl where we call the gateway; null when it has no setting for that
 */
export function canReach(publicUrl: string, gatewayUrl: string | null): boolean {
  return isPublicHost(publicUrl) || (gatewayUrl !== null && !isPublicHost(gatewayUrl));
}

/** Names without a dot and these endings exist in somebody's own network only (RFC 6761, RFC 6762, RFC 9476). */
const ownNames = /^[^.]+$|\.(?:localhost|local|internal|home\.arpa|test|invalid)$/;

function isPublicHost(url: string): boolean {
  const { hostname } = new URL(url);
  const isIp = hostname.startsWith('[') || /^[\d.]+$/.test(hostname);
  return isIp ? isPublicAddress(hostname) : !ownNames.test(hostname.replace(/\.$/, ''));
}
