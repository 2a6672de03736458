import type { RiskCheckDefinition } from './check';

/** All risk checks of this installation by name: built-in ones and those of plug-ins, with or without settings. */
export type RiskCheckDefinitions = Readonly<Record<string, RiskCheckDefinition>>;

/** Injection token of the same name. */
export const RiskCheckDefinitions = Symbol('RiskCheckDefinitions');
