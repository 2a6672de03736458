import type { Scope } from '../access/principal';
import type { ChannelWait } from '../common/channel';
import type { PolicyOverride } from '../otp/slots/policy';
import type { DeliveryRules } from '../sms/routing/delivery-rules';
import type { Template } from '../sms/texts/templates/template';
import type { PhoneNumberType } from '../phone/phone-number';

export const MAX_PURPOSES = 20;

/** Everything an application may set; all optional, defaults apply at use. */
export interface ApplicationSettings {
  readonly brand?: string;
  /** BCP 47, e.g. `es-MX`. */
  readonly locale?: string;
  /** Shown to people in texts, e.g. an e-mail address or URL of the support. */
  readonly contact?: string;
  /** ISO 3166-1 alpha-2; absent: all in development, none in production. */
  readonly allowedCountries?: readonly string[];
  readonly allowedNumberTypes?: readonly PhoneNumberType[];
  /** As `SMS_ROUTES`; absent: the server's routes. */
  readonly routes?: string;
  /** The same for the other channels; absent: the server's. */
  readonly channelRoutes?: { readonly voice?: string; readonly whatsapp?: string; readonly email?: string };
  /** Channels in the order in which they are tried; absent: `sms` alone. */
  readonly channels?: readonly ChannelWait[];
  readonly delivery?: Partial<DeliveryRules>;
  readonly templates?: readonly Template[];
  /** Whether templates may hold links; default false. */
  readonly allowLinks?: boolean;
  /** Whether a text may lose accents to fit into fewer parts; default false. Built-in texts need none. */
  readonly transliterate?: boolean;
  readonly webOtpDomain?: string;
  readonly appHash?: string;
  readonly disabled?: boolean;
  readonly policy?: PolicyOverride;
  readonly purposes?: Readonly<Record<string, PolicyOverride>>;
}

/** A tenant's app or environment. Nothing is shared between two of them. */
export interface Application {
  readonly id: string;
  readonly name: string;
  readonly settings: ApplicationSettings;
  readonly createdAt: Date;
  /** Purposes seen so far; with those in the settings at most 20 per application. */
  readonly purposes: readonly string[];
}

/** Who makes a call: set on the request by the guard, handed to services as a value. */
export interface Principal {
  readonly application: Application;
  readonly keyId: string;
  readonly scopes: readonly Scope[];
}

/** Every purpose that counts towards the limit: those used so far and those with settings of their own. */
export function knownPurposes(application: Pick<Application, 'settings' | 'purposes'>): Set<string> {
  return new Set([...application.purposes, ...Object.keys(application.settings.purposes ?? {})]);
}
