import type { RoutesByChannel } from '../../config/settings';
import { channels } from '../../src/common/channel';
import { systemClock } from '../../src/common/clock';
import type { Clock } from '../../src/common/clock';
import { systemRandom } from '../../src/common/random';
import type { Random } from '../../src/common/random';
import type { ConfiguredGateway } from '../../src/sms/configured-gateways';
import type { PriceLookup } from '../../src/sms/price-lookup';
import { defaultLimits } from '../../src/sms/gateway';
import type { Gateway } from '../../src/sms/gateway';
import { noTexts } from '../../src/sms/texts/installed-texts';
import { SmsService } from '../../src/sms/sms.service';
import { noSenders } from './senders';
import { someRoutes } from './routes';

export interface SmsServiceParts {
  readonly clock?: Clock;
  readonly random?: Random;
  readonly prices?: PriceLookup;
  /** What each gateway can carry and take; every channel and the usual limits by default. */
  readonly traits?: Readonly<Record<string, Partial<Omit<ConfiguredGateway, 'gateway'>>>>;
}

const noPrices: PriceLookup = { priceOf: () => null, pricesOf: () => [] };

/** A service with these gateways, e.g. `smsServiceWith({ one }, '*:one')`. @param routes a text is for `sms` alone */
export function smsServiceWith(
  gateways: Readonly<Record<string, Gateway>>,
  routes: string | Partial<Record<keyof RoutesByChannel, string>>,
  { clock = systemClock, random = systemRandom, prices = noPrices, traits = {} }: SmsServiceParts = {},
): SmsService {
  const configured = Object.entries(gateways).map(
    ([name, gateway]) =>
      [
        name,
        { title: name, gateway, channels, limits: defaultLimits, senders: noSenders, ...traits[name] },
      ] as const,
  );
  const byChannel = someRoutes(typeof routes === 'string' ? { sms: routes } : routes);
  return new SmsService(new Map(configured), { routes: byChannel, texts: noTexts }, prices, clock, random);
}
