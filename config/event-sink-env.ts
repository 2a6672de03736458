import {
  ownerOf,
  readPlugin,
  unknownProblem,
  variablesOf,
  type EnvText,
  type Plugin,
  type PluginKind,
  type PluginVariable,
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
export function readEventSinks(
  text: EnvText,
  sinks: EventSinkRegistry,
): { readonly value: Readonly<Record<string, unknown>>; readonly problems: readonly string[] } {
  const read = Object.values(sinks).map((sink) => ({ sink, result: readPlugin(EVENT_SINK, sink, text) }));
  const unknown = Object.keys(text).flatMap((variable) => {
    const sink = eventSinkOf(variable, sinks);
    return (sink && unknownProblem(EVENT_SINK, variable, sink)) ?? [];
  });
  return {
    value: Object.fromEntries(
      read.flatMap(({ sink, result }) => (result.ok ? [[sink.name, result.value] as const] : [])),
    ),
    problems: [...read.flatMap(({ result }) => (result.ok ? [] : result.problems)), ...unknown],
  };
}
