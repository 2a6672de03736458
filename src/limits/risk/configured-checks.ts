import type { CheckTools, RiskCheck } from './check';
import type { RiskCheckDefinitions } from './check-definitions';
import type { AvailableCheck } from './risk-rules';

/** A check with its settings, ready to be asked. */
export interface ConfiguredCheck extends AvailableCheck {
  readonly check: RiskCheck;
}

/** The checks that this server has settings for, by name. */
export type ConfiguredChecks = ReadonlyMap<string, ConfiguredCheck>;

/** Injection token of the same name. */
export const ConfiguredChecks = Symbol('ConfiguredChecks');

/**
 * @param definitions all of this installation
 * @param settings validated, by check
 */
export function configuredChecks(
  definitions: RiskCheckDefinitions,
  settings: Readonly<Record<string, unknown>>,
  tools: CheckTools,
): ConfiguredChecks {
  return new Map(
    availableChecks(definitions, settings).map(({ name, asksThePerson }) => {
      const check = definitions[name]?.create(settings[name], tools) as RiskCheck;
      return [name, { name, asksThePerson, check }] as const;
    }),
  );
}

/** The same as applications see them. */
export function availableChecks(
  definitions: RiskCheckDefinitions,
  settings: Readonly<Record<string, unknown>>,
): AvailableCheck[] {
  return Object.values(definitions)
    .filter(({ name }) => Object.hasOwn(settings, name))
    .map(({ name, asksThePerson }) => ({ name, asksThePerson }));
}
