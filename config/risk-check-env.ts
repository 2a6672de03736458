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

/** All risk checks of this build, by name. */
export type RiskCheckRegistry = Readonly<Record<string, Plugin>>;

const RISK_CHECK: PluginKind = { start: 'RISK_', noun: 'risk check' };

/** The settings of a check, in the order of its schema. */
export function riskCheckVariables(check: Plugin): PluginVariable[] {
  return variablesOf(RISK_CHECK, check);
}

/** The check that a variable belongs to by its prefix. */
export function riskCheckOf(variable: string, checks: RiskCheckRegistry): Plugin | undefined {
  return ownerOf(RISK_CHECK, variable, checks);
}

/**
 * The settings of the checks that this server has: those that need none, and those of which some variable is set.
 * Half of a check's settings is a mistake and not a wish to do without: all its problems are told.
 * @param wanted those that somebody asked for by loading a plug-in: all their settings must be right
 */
export function readRiskChecks(
  text: EnvText,
  checks: RiskCheckRegistry,
  wanted: readonly string[] = [],
): ReadPlugins {
  return readPlugins(RISK_CHECK, text, checks, ({ name }, isNamed) => isNamed || wanted.includes(name));
}
