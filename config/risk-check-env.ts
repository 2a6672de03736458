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
): { readonly value: Readonly<Record<string, unknown>>; readonly problems: readonly string[] } {
  const named = Object.keys(text).flatMap((variable) => {
    const check = riskCheckOf(variable, checks);
    return check ? [{ variable, check }] : [];
  });
  const read = Object.values(checks).map((check) => ({ check, result: readPlugin(RISK_CHECK, check, text) }));
  const isNamed = (check: Plugin) => wanted.includes(check.name) || named.some((one) => one.check === check);
  return {
    value: Object.fromEntries(
      read.flatMap(({ check, result }) => (result.ok ? [[check.name, result.value] as const] : [])),
    ),
    problems: [
      ...read.flatMap(({ check, result }) => (result.ok || !isNamed(check) ? [] : result.problems)),
      ...named.flatMap(({ variable, check }) => unknownProblem(RISK_CHECK, variable, check) ?? []),
    ],
  };
}
