import type { KeyState } from '../../keys/ring-rules';
import { table } from '../terminal/table';

/** A key for programs: times in ISO 8601. */
export interface ShownKey {
  readonly kid: string;
  readonly state: KeyState['state'];
  readonly signFrom: string | null;
  readonly removableFrom: string | null;
}

export function shown({ kid, state, signFrom, removableFrom }: KeyState): ShownKey {
  return { kid, state, signFrom: time(signFrom), removableFrom: time(removableFrom) };
}

export function ringTable(keys: readonly ShownKey[]): string {
  const rows = keys.map((key) => [key.kid, key.state, key.signFrom ?? 'always', untilWords(key)]);
  return table(['KEY', 'STATE', 'SIGNS FROM', 'NEEDED UNTIL'], rows);
}

function untilWords({ state, removableFrom }: ShownKey): string {
  if (state !== 'verifies') return '–';
  return removableFrom ?? 'not known: no key after it says when it began to sign';
}

function time(at: number | null): string | null {
  return at === null || !Number.isFinite(at) ? null : new Date(at).toISOString();
}
