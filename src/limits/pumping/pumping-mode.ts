/** How far the guard goes for an application. */
export const pumpingModes = ['off', 'shadow', 'enforce'] as const;
export type PumpingMode = (typeof pumpingModes)[number];

/** The part of an application's settings that says so. */
export interface PumpingSettings {
  readonly pumping?: { readonly mode?: PumpingMode | undefined } | undefined;
}

/**
 * Enforced in production, because a guard that nobody turns on protects nobody, and this one refuses hardly anybody
 * (docs/pumping.md has the figures). Elsewhere it only looks on: who tries the API asks for many codes and types few.
 */
export function pumpingModeOf({ pumping }: PumpingSettings, isProduction: boolean): PumpingMode {
  return pumping?.mode ?? (isProduction ? 'enforce' : 'shadow');
}
