import { Injectable } from '@nestjs/common';
import { routeFor } from '../../config/routes';
import type { Route, RoutesByChannel } from '../../config/settings';
import type { DeliveryRules } from './routing/delivery-rules';
import type { Channel } from '../common/channel';
import type { Clock } from '../common/clock';
import type { Random } from '../common/random';
import type { ConfiguredGateways } from './configured-gateways';
import type { PriceLookup } from './price-lookup';
import type { FeedbackKind } from './health/breaker';
import type { CallCost } from '../limits/money/estimate';
import { nothingOwed } from '../limits/money/payment';
import { messageFor } from './routing/gateway-message';
import { DeliveryRun, type Pay } from './routing/delivery-run';
import { MonitoredGateway, type CostlyMessage } from './routing/monitored-gateway';
import type { Destination } from './health/gateway-health';
import { type GatewayReport, reportOf } from './routing/gateway-report';
import { drawOrder, usualOrder } from './routing/route-order';
import type { SmsAttempt, SmsBalance, SmsDelivery, SmsMessage } from './gateway';
import type { ReceiptReading, ReceiptRequest } from './receipt';
import type { Sender } from './senders/sender';
import { chosenSender, type SenderSetting } from './senders/sender-choice';
import type { InstalledTexts } from './texts/installed-texts';

/** The longest a delivery may take over its whole route, whatever its rules say; well under the 30 s of a lease. */
export const DELIVERY_TIMEOUT_MS = 20_000;

/** What an address for receipts stands for: one message, or everything that its gateway tells. */
export type ReceiptScope = 'message' | 'account';

/** A message without what only its gateway knows. */
export interface DeliverInput extends Omit<
  SmsMessage,
  'id' | 'receiptUrl' | 'accountReceiptUrl' | 'secondsLeft' | 'sender'
> {
  readonly deliveryId: string;
  /** When the code dies, monotonic milliseconds: no gateway is called after that. */
  readonly codeEndsAt: number;
  /** Where the gateway of this name is to report, on this message or on all of them; absent: nowhere. */
  readonly receiptUrlFor?: (gateway: string, scope: ReceiptScope) => string | null;
  /** The application's own routes for the channel, or null for the server's. */
  readonly routes: readonly Route[] | null;
  /** The senders that the application has chosen, and what for; absent: none. */
  readonly senders?: { readonly settings: readonly SenderSetting[]; readonly purpose: string };
  /** Gateways not to use. */
  readonly exclude: readonly string[];
  readonly rules: DeliveryRules;
  /** Calls that count against `rules.maxCalls` already; absent: none. */
  readonly callsSpent?: number;
  /** How long it may take from now, at most; `rules.deadlineMs` is a limit as well. */
  readonly deadlineMs: number;
  /** Asked right before each attempt; false ends the delivery where it is. Absent: always. */
  readonly mayStart?: () => boolean;
  /**
   * Awaited before another call once it is open whether a gateway took the text, with all attempts so far; false ends
   * the delivery where it is. Absent: nothing has to be done.
   */
  readonly beforeNext?: (attempts: readonly SmsAttempt[]) => Promise<boolean>;
  /** Takes the money for a call, before each; null: that call is not made. Absent: nobody has to pay. */
  readonly pay?: Pay;
}

/** A message that may be sent: where it goes, and which senders the application has chosen for what. */
export type SenderQuery = Destination & Pick<DeliverInput, 'senders'>;

/** What was learnt later of a message that a gateway took: by its receipt, or by what became of its code. */
export interface GatewayFeedback extends Destination {
  readonly gateway: string;
  readonly kind: FeedbackKind;
}

export interface GatewayAbilities {
  /** By HTTP. */
  readonly receipts: boolean;
  readonly balance: boolean;
  readonly prices: boolean;
}

/** Messages to people: walks the route of a destination until a gateway takes the message. */
@Injectable()
export class SmsService {
  private readonly gateways: ReadonlyMap<string, MonitoredGateway>;
  private running = 0;
  private idleWaiters: (() => void)[] = [];

  private readonly routes: RoutesByChannel;
  /** The wordings of plug-ins, for whoever writes a message. */
  readonly texts: InstalledTexts;

  /**
   * @param installed the server's routes; those of an application may only name gateways that are among `configured`.
   */
  constructor(
    private readonly configured: ConfiguredGateways,
    { routes, texts }: { readonly routes: RoutesByChannel; readonly texts: InstalledTexts },
    prices: PriceLookup,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {
    this.routes = routes;
    this.texts = texts;
    this.gateways = new Map(
      Array.from(configured, ([name, one]) => [name, new MonitoredGateway(name, one, prices, clock)]),
    );
  }

  /** The names of the gateways that this server has settings for. */
  gatewayNames(): string[] {
    return [...this.gateways.keys()];
  }

  /** What a gateway can be asked beside sending; nothing when it is not here. */
  supports(name: string): GatewayAbilities {
    const gateway = this.configured.get(name)?.gateway;
    return {
      receipts: gateway?.readReceipts !== undefined,
      balance: gateway?.balance !== undefined,
      prices: gateway?.prices !== undefined,
    };
  }

  /** Whether some gateway here can carry the channel; whether a destination has a route is `candidates`. */
  offers(channel: Channel): boolean {
    return Array.from(this.configured.values()).some(({ channels }) => channels.includes(channel));
  }

  /** Whether the channel leads anywhere, in some country. @param routes as in `DeliverInput` */
  isRouted(channel: Channel, routes: readonly Route[] | null): boolean {
    return (routes ?? this.routes[channel]).length > 0;
  }

  /** The gateways that a message may take, most likely first. @param routes as in `DeliverInput` */
  candidates(channel: Channel, country: string | null, routes: readonly Route[] | null): string[] {
    const tiers = routeFor(routes ?? this.routes[channel], country);
    return this.usable(usualOrder(tiers), channel).map(({ name }) => name);
  }

  /** What a call may cost to the gateway that a message most likely takes. @param routes as in `DeliverInput` */
  costOf(message: CostlyMessage, routes: readonly Route[] | null): CallCost {
    const [name] = this.candidates(message.channel, message.country, routes);
    const gateway = name === undefined ? undefined : this.gateways.get(name);
    return gateway?.costOf(message) ?? { parts: 1, prices: [] };
  }

  /** Whom a message by this gateway would be from; null: its settings name nobody, or there are no senders to name. */
  senderFor(gateway: string, to: SenderQuery): string | null {
    const offered = this.configured.get(gateway)?.senders;
    const { senders, ...message } = to;
    return offered?.of({ ...message, sender: this.chosenBy(senders, gateway, message) })?.from ?? null;
  }

  /** Cheap, no I/O. */
  report(): GatewayReport[] {
    return Array.from(this.gateways.values(), (gateway) => reportOf(gateway, this.clock));
  }

  /** Never throws; what it does not know is ignored. */
  feedback({ gateway, kind, ...destination }: GatewayFeedback): void {
    this.gateways.get(gateway)?.health.learnt(destination, kind, this.clock.monotonic());
  }

  /** Null: there is no such gateway here, or it reads no receipts. */
  async readReceipts(gateway: string, request: ReceiptRequest): Promise<ReceiptReading | null> {
    return (await this.configured.get(gateway)?.gateway.readReceipts?.(request)) ?? null;
  }

  /** Null: there is no such gateway here, or its vendor does not tell. Rejects when it could not be asked. */
  async balance(gateway: string, signal: AbortSignal): Promise<SmsBalance | null> {
    return (await this.configured.get(gateway)?.gateway.balance?.(signal)) ?? null;
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
      return await this.runOf(input).run();
    } finally {
      this.running -= 1;
      if (this.running === 0) this.idleWaiters.splice(0).forEach((resolve) => resolve());
    }
  }

  private runOf(input: DeliverInput): DeliveryRun {
    const {
      channel,
      country,
      routes,
      exclude,
      rules,
      mayStart = always,
      beforeNext = always,
      pay = forNothing,
    } = input;
    const tiers = routeFor(routes ?? this.routes[channel], country);
    const route = this.usable(drawOrder(tiers, this.random), channel);
    const order = {
      route: route.filter(({ name }) => !exclude.includes(name)),
      messageFor: (gateway: string) =>
        messageFor(input, gateway, this.chosenBy(input.senders, gateway, input), this.clock),
      rules: { ...rules, maxCalls: rules.maxCalls - (input.callsSpent ?? 0) },
      deadline: deadlineOf(input, this.clock.monotonic()),
      mayStart,
      beforeNext,
      pay,
    };
    return new DeliveryRun(order, this.clock);
  }

  private chosenBy(
    senders: DeliverInput['senders'],
    gateway: string,
    { channel, country }: Destination,
  ): Sender | null {
    const offered = this.configured.get(gateway)?.senders;
    if (!senders || !offered) return null;
    return chosenSender(senders.settings, offered, { gateway, channel, purpose: senders.purpose, country });
  }

  /** What an application names but the server has no settings for (any more), or cannot carry the channel, is passed over. */
  private usable(names: readonly string[], channel: Channel): MonitoredGateway[] {
    return names
      .flatMap((name) => this.gateways.get(name) ?? [])
      .filter(({ configured }) => configured.channels.includes(channel));
  }
}

function deadlineOf({ deadlineMs, rules, codeEndsAt }: DeliverInput, now: number): number {
  return Math.min(now + Math.min(deadlineMs, rules.deadlineMs, DELIVERY_TIMEOUT_MS), codeEndsAt);
}

const always = (): true => true;
const forNothing = () => nothingOwed;
