/**
 * The settings of the server as the rest of the code sees them: one frozen, typed slice per concern, injected
 * by the token of the same name (`@Inject(ServerSettings) settings: ServerSettings`). Nobody else reads the
 * environment.
 */
import { getConfigToken } from '@nestjs/config';
import type { Channel } from '../src/common/channel';

export type Environment = 'development' | 'production' | 'test';
export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';

export interface ServerSettings {
  readonly environment: Environment;
  readonly isProduction: boolean;
  readonly port: number;
  readonly host: string;
  /** Without a slash at the end. */
  readonly publicUrl: string;
  /** Number of proxies in front whose `X-Forwarded-For` entries are believed. */
  readonly trustProxyHops: number;
  readonly logLevel: LogLevel;
  /** Connections served at once; fewer where the descriptors do not suffice. */
  readonly maxConnections: number;
}
export const ServerSettings = getConfigToken('server');

export interface MongoSettings {
  /** Null: the embedded MongoDB in `dataDir`. */
  readonly uri: string | null;
  /** False only in production without `EMBEDDED_MONGODB=true`. */
  readonly embeddedAllowed: boolean;
  /** Path of a mongod binary, or null to look for one. */
  readonly mongodBinary: string | null;
  /** Absolute path. */
  readonly dataDir: string;
}
export const MongoSettings = getConfigToken('mongo');

export interface SecretSettings {
  /** Absolute path of the key ring. */
  readonly secretsFile: string;
  /** Null only outside production: then the one generated at the first start is in force. */
  readonly adminKey: string | null;
  /** Null in production: no default application. Null elsewhere: the one generated at the first start. */
  readonly bootstrapApiKey: string | null;
  /** Absolute path. */
  readonly dataDir: string;
}
export const SecretSettings = getConfigToken('secrets');

/** A gateway of a route, and its share of what goes to its priority. */
export interface RoutedGateway {
  readonly name: string;
  /** 1–100; only its size compared with the others of the same priority means anything. */
  readonly weight: number;
}

/** The gateways for one destination. */
export interface Route {
  /** ISO 3166-1 alpha-2 in upper case, or `*` for every country without a route of its own. */
  readonly country: string;
  /** By priority, highest first; at least one, and at least one gateway in each. No gateway is named twice. */
  readonly tiers: readonly (readonly RoutedGateway[])[];
}

/** The server's own routes; an empty list: nothing goes by this channel unless an application routes it. */
export type RoutesByChannel = Readonly<Record<Channel, readonly Route[]>>;

export interface SmsSettings {
  readonly routes: RoutesByChannel;
  /** Whether the `console` gateway may be routed: always outside production. */
  readonly sandbox: boolean;
  /** The validated settings of each gateway that any of `routes` names, by its name. */
  readonly gateways: Readonly<Record<string, unknown>>;
}
export const SmsSettings = getConfigToken('sms');

export interface OutboundSettings {
  /** Whether gateways and webhooks may live at private addresses. */
  readonly allowPrivate: boolean;
}
export const OutboundSettings = getConfigToken('outbound');

export interface LimitSettings {
  /**
   * Requests per second, API key (or IP, without one) and instance; checks have as many again of their own. 0 switches
   * the throttle off.
   */
  readonly throttlePerSecond: number;
}
export const LimitSettings = getConfigToken('limits');

export interface RiskSettings {
  /** The validated settings of each risk check that this server has, by its name. */
  readonly checks: Readonly<Record<string, unknown>>;
}
export const RiskSettings = getConfigToken('risk');

export interface EventSinkSettings {
  /** The validated settings of each event sink, by its name. */
  readonly sinks: Readonly<Record<string, unknown>>;
}
export const EventSinkSettings = getConfigToken('eventSinks');

export interface AuditSettings {
  readonly retentionDays: number;
}
export const AuditSettings = getConfigToken('audit');

export interface PhoneSettings {
  /** ISO 3166-1 alpha-2 for numbers in national form, or null to take international form only. */
  readonly defaultCountry: string | null;
}
export const PhoneSettings = getConfigToken('phone');

export interface HostedSettings {
  /** Whether there is a page and a component for people at all. */
  readonly isOn: boolean;
}
export const HostedSettings = getConfigToken('hosted');

export interface SchedulerSettings {
  /** Whether this process does scheduled work of the whole installation. */
  readonly isOn: boolean;
}
export const SchedulerSettings = getConfigToken('scheduler');

/** All slices together, as `loadSettings` returns them. */
export interface Settings {
  readonly server: ServerSettings;
  readonly mongo: MongoSettings;
  readonly secrets: SecretSettings;
  readonly sms: SmsSettings;
  readonly outbound: OutboundSettings;
  readonly limits: LimitSettings;
  readonly risk: RiskSettings;
  readonly eventSinks: EventSinkSettings;
  readonly audit: AuditSettings;
  readonly phone: PhoneSettings;
  readonly hosted: HostedSettings;
  readonly scheduler: SchedulerSettings;
  /** Variables that are probably misspelt, and what is unsafe, as `NAME: remedy`: to be shown at the start. */
  readonly warnings: readonly string[];
}
