/** What this installation can do beyond its core: what is built in, and what plug-ins add to it. */
import type { EventSinkDefinition } from '../audit/sinks/event-sink';
import type { RiskCheckDefinition } from '../limits/risk/check';
import { checks } from '../limits/risk/checks.generated';
import type { GatewayDefinition } from '../sms/gateway';
import { gateways } from '../sms/gateways.generated';
import type { TextDefinition } from '../sms/texts/text-definition';

export interface Extensions {
  /** By name. */
  readonly gateways: Readonly<Record<string, GatewayDefinition>>;
  /** By name. */
  readonly riskChecks: Readonly<Record<string, RiskCheckDefinition>>;
  /** In the order of their loading: of two that fit a message equally well the first is used. */
  readonly texts: readonly TextDefinition[];
  readonly eventSinks: readonly EventSinkDefinition[];
}

/** All that brings settings besides gateways, as `readSettings` and `renderEnvExample` take it. */
export interface ExtensionSettings {
  readonly riskChecks: Extensions['riskChecks'];
  readonly eventSinks: Readonly<Record<string, EventSinkDefinition>>;
  /** The checks that somebody added: they were asked for, so their settings must be right. */
  readonly wantedChecks: readonly string[];
}

export function settingsOf({ riskChecks, eventSinks }: Extensions): ExtensionSettings {
  return {
    riskChecks,
    eventSinks: Object.fromEntries(eventSinks.map((sink) => [sink.name, sink])),
    wantedChecks: Object.keys(riskChecks).filter((name) => !Object.hasOwn(checks, name)),
  };
}

export const builtInExtensions: Extensions = { gateways, riskChecks: checks, texts: [], eventSinks: [] };
