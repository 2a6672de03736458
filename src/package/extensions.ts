import { extend, type Extended } from '../plugins/extend';
import { builtInExtensions } from '../plugins/extensions';
import type { DefinitionKind, MarkedDefinition } from '../plugins/plugin-exports';
import type { SixdigitOptions } from './options';

type Given = Pick<SixdigitOptions, 'gateways' | 'riskChecks' | 'texts' | 'eventSinks'>;

/** How messages about a definition name the place that it came from. */
const ORIGIN = 'createSixdigit';

/** What is built in, and what was handed in beside it, by the same rules as plug-ins. */
export function extensionsWith({
  gateways = [],
  riskChecks = [],
  texts = [],
  eventSinks = [],
}: Given): Extended {
  const definitions = [
    ...marked('gateway', gateways),
    ...marked('risk-check', riskChecks),
    ...marked('text', texts),
    ...marked('event-sink', eventSinks),
  ];
  return extend(builtInExtensions, [{ origin: ORIGIN, definitions }]);
}

/** Here the place says what it is; whoever had no `define…` at hand need not mark it. */
const marked = (kind: DefinitionKind, definitions: readonly object[]): MarkedDefinition[] =>
  definitions.map((definition) => ({ ...definition, kind }));
