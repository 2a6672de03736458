/**
 * The port of an event sink: something that is told what is in the audit log, in its order and at least once. A sink is
 * a plain object: no Nest, no logger, no retry; its cursor, time-out, back-off and lag are added around it once.
 */
import type { z } from 'zod';
import type { HttpClient } from '../../common/outbound/http-client';
import type { AuditEventAnswer } from '../audit.dto';

/** As `GET /v1/audit/events` shows it, with the time as ISO 8601. Holds no code, no key and no clear number. */
export type SinkEvent = AuditEventAnswer;

/** A sink with its settings. */
export interface EventSink {
  /**
   * Resolves when the events are safe where they went; rejects when the same events must come again. Must end when
   * `signal` aborts. An event may come twice: its `id` is the same each time.
   * @param events oldest first, 100 at most
   */
  take(events: readonly SinkEvent[], signal: AbortSignal): Promise<void>;
  /** Ends connections that the sink keeps itself. */
  close?(): Promise<void>;
}

/** What a sink may use besides its settings. */
export interface SinkTools {
  /** Under the same rule for private addresses as gateways. */
  readonly http: HttpClient;
}

export interface EventSinkDefinition<Config = unknown> {
  /** Added by {@link defineEventSink}. */
  readonly kind?: 'event-sink';
  /** Of this port, as the sink was written for it; absent: 1. docs/plugins.md says what may change within one. */
  readonly apiVersion?: 1;
  /** Lower-case letters, digits and hyphens. Its cursor is kept by this name: renamed, it begins anew. */
  readonly name: string;
  /**
   * Settings: keys in camelCase; `SINK_<NAME>_<KEY_IN_UPPER_SNAKE>` is the variable. Every key has `.describe(…)` and,
   * where it is a credential, `.meta({ secret: true })`.
   */
  readonly config: z.ZodType<Config>;
  create(config: Config, tools: SinkTools): EventSink;
}

/** All event sinks of this installation. */
export type EventSinkDefinitions = readonly EventSinkDefinition[];

/** Injection token of the same name. */
export const EventSinkDefinitions = Symbol('EventSinkDefinitions');

/** Types the definition from its own schema, and marks what it is for whoever loads it. */
export function defineEventSink<Config>(
  definition: EventSinkDefinition<Config>,
): EventSinkDefinition<Config> {
  return { ...definition, kind: 'event-sink' };
}
