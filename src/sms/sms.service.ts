import { Injectable } from '@nestjs/common';
import { routeFor } from '../../config/routes';
import type { Route } from '../../config/settings';
import type { Clock } from '../common/clock';
import { ATTEMPT_TIMEOUT_MS, Gateway } from './gateway';
import type { Attempted } from './gateway';
import { deliveryOf, endsDelivery, noRoute, noTime } from './sms-delivery';
import type { SmsDelivery, SmsMessage, SmsProvider } from './sms-provider';

/** The longest a delivery may take over its whole route; well under the 30 s of a lease. */
export const DELIVERY_TIMEOUT_MS = 15_000;

/** A message without what only its gateway knows. */
export interface DeliverInput extends Omit<SmsMessage, 'id' | 'receiptUrl'> {
  readonly deliveryId: string;
  /** Where the gateway of this name is to report; absent: nowhere. */
  readonly receiptUrlFor?: (gateway: string) => string | null;
  /** The application's own routes, or null for the server's. */
  readonly routes: readonly Route[] | null;
  /** How long it may take from now, at most; `DELIVERY_TIMEOUT_MS` is the upper limit. */
  readonly deadlineMs: number;
  /** Asked right before each attempt; false ends the delivery where it is. Absent: always. */
  readonly mayStart?: () => boolean;
}

/** Calls of one gateway that are under way in this process, and those that wait for their turn. */
export interface GatewayLoad {
  readonly name: string;
  readonly active: number;
  readonly waiting: number;
}

/** Texts to phones: walks the route of a destination until a gateway takes the text. */
@Injectable()
export class SmsService {
  private readonly gateways: ReadonlyMap<string, Gateway>;
  private running = 0;
  private idleWaiters: (() => void)[] = [];

  /** @param routes the server's; those of an application may only name gateways that are among `providers`. */
  constructor(
    providers: ReadonlyMap<string, SmsProvider>,
    private readonly routes: readonly Route[],
    private readonly clock: Clock,
  ) {
    this.gateways = new Map(
      Array.from(providers, ([name, provider]) => [name, new Gateway(name, provider, clock)]),
    );
  }

  /** The names of the gateways that this server has settings for. */
  gatewayNames(): string[] {
    return [...this.gateways.keys()];
  }

  /** For health: cheap, no I/O. */
  load(): GatewayLoad[] {
    return Array.from(this.gateways.values(), ({ name, active, waiting }) => ({ name, active, waiting }));
  }

  /** Resolves as soon as no delivery is under way. */
  idle(): Promise<void> {
    if (this.running === 0) return Promise.resolve();
    return new Promise((resolve) => this.idleWaiters.push(resolve));
  }

  /** Never throws. An `unknown` outcome without attempts: there was no time to start one, nothing was sent. */
  async deliver(input: DeliverInput): Promise<SmsDelivery> {
    this.running += 1;
    try {
      return await this.walk(input);
    } finally {
      this.running -= 1;
      if (this.running === 0) this.idleWaiters.splice(0).forEach((resolve) => resolve());
    }
  }

  private async walk(input: DeliverInput): Promise<SmsDelivery> {
    const deadline = this.clock.monotonic() + Math.min(input.deadlineMs, DELIVERY_TIMEOUT_MS);
    const message = messageOf(input);
    const route = this.route(input);
    const last = route.at(-1);
    const tried: Attempted[] = [];
    for (const gateway of route) {
      // A busy gateway is not waited for while there is another; the last one gets all the time that is left.
      const waitMs = gateway === last ? DELIVERY_TIMEOUT_MS : ATTEMPT_TIMEOUT_MS;
      const attempted = await gateway.attempt(message, deadline, waitMs, input.mayStart);
      if (!attempted) continue;
      tried.push(attempted);
      if (endsDelivery(attempted.outcome)) break;
    }
    const decisive = tried.at(-1);
    if (decisive) return deliveryOf(tried, decisive);
    return route.length === 0 ? noRoute : noTime;
  }

  /** Gateways that an application names but the server has no settings for (any more) are passed over. */
  private route({ country, routes }: DeliverInput): Gateway[] {
    const names = routeFor(routes ?? this.routes, country);
    return names.flatMap((name) => this.gateways.get(name) ?? []);
  }
}

function messageOf(input: DeliverInput): SmsMessage {
  const { deliveryId: id, channel, to, country, text, subject, code, locale, applicationId } = input;
  const { clientReference } = input;
  return {
    id,
    channel,
    to,
    country,
    text,
    subject,
    code,
    locale,
    applicationId,
    clientReference,
    receiptUrl: null,
  };
}
