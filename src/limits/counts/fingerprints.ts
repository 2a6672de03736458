/** Keys of windows: 48 bits of a keyed hash, so that what is stored names nobody. */

const MAX_REMEMBERED = 20_000;
const BYTES = 6;

/** A keyed digest of fields. */
type Digest = (...fields: string[]) => Buffer;

export class Fingerprints {
  private readonly known = new Map<string, number>();

  constructor(private readonly digest: Digest) {}

  /** Never 0. */
  of(fields: readonly string[]): number {
    return this.digest(...fields).readUIntBE(0, BYTES) || 1;
  }

  /** The same, remembered: for what comes again and again, as countries do. Numbers and addresses hardly do. */
  remembered(fields: readonly string[]): number {
    const text = JSON.stringify(fields);
    const known = this.known.get(text);
    if (known !== undefined) return known;
    const fingerprint = this.of(fields);
    if (this.known.size >= MAX_REMEMBERED) this.known.clear();
    this.known.set(text, fingerprint);
    return fingerprint;
  }
}
