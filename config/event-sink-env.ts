import {
  ownerOf,
  readPlugins,
  variablesOf,
  type EnvText,
  type Plugin,
  type PluginKind,
  type PluginVariable,
  type ReadPlugins,
} from './plugin-env';

/** All event sinks of this installation, by name. */
export type EventSinkRegistry = Readonly<Record<string, Plugin>>;

const EVENT_SINK: PluginKind = { start: 'SINK_', noun: 'event sink' };

/** The settings of a sink, in the order of its schema. */
export function eventSinkVariables(sink: Plugin): PluginVariable[] {
  return variablesOf(EVENT_SINK, sink);
}

/** The sink that a variable belongs to by its prefix. */
export function eventSinkOf(variable: string, sinks: EventSinkRegistry): Plugin | undefined {
  return ownerOf(EVENT_SINK, variable, sinks);
}

/** A sink is there because it was asked for: all its settings must be right. */
export function readEventSinks(text: EnvText, sinks: EventSinkRegistry): ReadPlugins {
  return readPlugins(EVENT_SINK, text, sinks, () => true);
}
