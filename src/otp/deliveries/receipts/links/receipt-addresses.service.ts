import { timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { ServerSettings, SmsSettings } from '../../../../../config/settings';
import { KeyRing } from '../../../../keys/key-ring.service';
import type { ReceiptScope } from '../../../../sms/sms.service';
import { canReach, ID_LENGTH, readClientReference } from './receipt-address';
import type { DeliveryName } from './receipt-address';

/** What a secret in a receipt address stands for: one delivery, or everything that its gateway has to tell. */
export type ReceiptAddress = ({ readonly kind: 'ticket' } & DeliveryName) | { readonly kind: 'account' };

/** 132 bits. */
const MAC_LENGTH = 22;
const TICKET_LENGTH = 2 * ID_LENGTH + MAC_LENGTH;

/**
 * The addresses that gateways report to: `/v1/receipts/{gateway}/{secret}`. A ticket names its delivery and proves
 * that we have handed out this address to this gateway, so nothing has to be remembered and nothing looked up. Keys
 * never rotate: vendors keep the address of an account for years.
 */
@Injectable()
export class ReceiptAddresses {
  private readonly base: string;
  /** Gateways that can call us. */
  private readonly reachable: ReadonlySet<string>;

  constructor(
    private readonly keys: KeyRing,
    @Inject(ServerSettings) { publicUrl }: Pick<ServerSettings, 'publicUrl'>,
    @Inject(SmsSettings) { gateways }: Pick<SmsSettings, 'gateways'>,
  ) {
    this.base = `${publicUrl}/v1/receipts`;
    const names = Object.keys(gateways);
    this.reachable = new Set(names.filter((name) => canReach(publicUrl, urlIn(gateways[name]))));
  }

  /** Whether the gateway can reach us. */
  canReport(gateway: string): boolean {
    return this.reachable.has(gateway);
  }

  /** Where the gateway is to report on this delivery; null when it could not reach us. Holds a secret. */
  urlFor(gateway: string, name: DeliveryName): string | null {
    if (!this.canReport(gateway)) return null;
    const { verificationId, deliveryId } = name;
    return `${this.base}/${gateway}/${verificationId}${deliveryId}${this.ticketMac(gateway, name)}`;
  }

  /** The same for whichever gateway will be asked; made only for those that really are. */
  urlsFor(name: DeliveryName): (gateway: string, scope: ReceiptScope) => string | null {
    return (gateway, scope) => {
      if (scope === 'message') return this.urlFor(gateway, name);
      return this.canReport(gateway) ? this.accountUrlFor(gateway) : null;
    };
  }

  /** For webhooks that are set up once at the vendor. Holds a secret: for the operator's eyes only. */
  accountUrlFor(gateway: string): string {
    return `${this.base}/${gateway}/${this.accountSecret(gateway)}`;
  }

  /** Null: nobody was given this address. */
  recognise(gateway: string, secret: string): ReceiptAddress | null {
    if (secret.length !== TICKET_LENGTH)
      return isSame(secret, this.accountSecret(gateway)) ? { kind: 'account' } : null;
    const name = readClientReference(secret.slice(0, -MAC_LENGTH));
    if (!name || !isSame(secret.slice(-MAC_LENGTH), this.ticketMac(gateway, name))) return null;
    return { kind: 'ticket', ...name };
  }

  private ticketMac(gateway: string, { verificationId, deliveryId }: DeliveryName): string {
    const mac = this.keys.digest('receipt-url', 'ticket', gateway, verificationId, deliveryId);
    return mac.toString('base64url').slice(0, MAC_LENGTH);
  }

  private accountSecret(gateway: string): string {
    return this.keys.digest('receipt-url', 'account', gateway).toString('base64url');
  }
}

/** In constant time; the length is no secret. */
function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Where we call a gateway: `BASE_URL`, or the generic gateway's `URL`. */
function urlIn(settings: unknown): string | null {
  const { baseUrl, url } = (settings ?? {}) as { baseUrl?: unknown; url?: unknown };
  const found = baseUrl ?? url;
  return typeof found === 'string' && URL.canParse(found) ? found : null;
}
