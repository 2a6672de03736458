/** When a key of the ring signs, until when it is needed, and what the file becomes when one comes or goes. */
import { parseSecrets, type RingEntry, SecretsFileError } from './secrets';

/** Numbers are shown to their application for so long after the end. */
const SHOWN_SECONDS = 86_400;

/** What a key of the ring is for at a moment. */
export interface KeyState {
  readonly kid: string;
  /** Milliseconds since the epoch; `-Infinity`: since ever. */
  readonly signFrom: number;
  readonly state: 'waits' | 'signs' | 'verifies';
  /** From when on nothing can need it; null while that is not settled. */
  readonly removableFrom: number | null;
}

/**
 * @param ring as `parseSecrets` gives it: in the order in which its keys sign
 * @param longestCodeSeconds how long a code may live
 */
export function keyStates(ring: readonly RingEntry[], now: number, longestCodeSeconds: number): KeyState[] {
  const neededMs = (longestCodeSeconds + SHOWN_SECONDS) * 1_000;
  const signing = signingKey(ring, now);
  return ring.map(({ kid, signFrom }, place) => {
    if (kid === signing) return { kid, signFrom, state: 'signs', removableFrom: null };
    if (signFrom > now) return { kid, signFrom, state: 'waits', removableFrom: null };
    const successor = ring[place + 1]?.signFrom ?? Infinity;
    // Since when a key that was there from the start does not sign, nobody can tell.
    const removableFrom = Number.isFinite(successor) ? successor + neededMs : null;
    return { kid, signFrom, state: 'verifies', removableFrom };
  });
}

/** As the key ring decides it: the newest whose time has come, or else the oldest. */
function signingKey(ring: readonly RingEntry[], now: number): string | undefined {
  return (ring.filter(({ signFrom }) => signFrom <= now).at(-1) ?? ring[0])?.kid;
}

export interface NewKey {
  readonly kid: string;
  readonly key: Buffer;
  readonly signFrom: Date;
}

/**
 * The text of the file with one key more; everything else stays as it was written.
 * @throws SecretsFileError when the file was wrong before
 */
export function withKey(text: string, { kid, key, signFrom }: NewKey): string {
  const { ring } = parseSecrets(text);
  const last = ring.at(-1)?.signFrom ?? -Infinity;
  if (signFrom.getTime() <= last)
    throw new SecretsFileError(['a key of the ring begins to sign later than the new one would']);
  const entry = { kid: freeName(kid, ring), key: key.toString('base64'), signFrom: signFrom.toISOString() };
  return changedRing(text, (entries) => [...entries, entry]);
}

/** The text of the file without these keys. */
export function withoutKeys(text: string, kids: ReadonlySet<string>): string {
  return changedRing(text, (entries) => entries.filter(({ kid }) => !kids.has(kid)));
}

function changedRing(text: string, change: (entries: { kid: string }[]) => { kid: string }[]): string {
  const file = JSON.parse(text) as { ring: { kid: string }[] };
  const changed = `${JSON.stringify({ ...file, ring: change(file.ring) }, null, 2)}\n`;
  // What is written must be readable: a mistake here would stop every instance at its next start.
  parseSecrets(changed);
  return changed;
}

function freeName(kid: string, ring: readonly RingEntry[]): string {
  const isTaken = (name: string) => ring.some((entry) => entry.kid === name);
  for (let n = 2, name = kid; ; n++) {
    if (!isTaken(name)) return name;
    name = `${kid}-${n}`;
  }
}
