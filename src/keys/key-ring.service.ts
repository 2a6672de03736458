import { readFile } from 'node:fs/promises';
import { Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Clock } from '../common/clock';
import { unavailable } from '../common/errors';
import { ExitCode, StartupError } from '../database/startup-error';
import {
  type DigestLabel,
  deriveIndexKeys,
  deriveRingKeys,
  type IndexKeys,
  mac,
  type RingKeys,
} from './derive';
import { open, seal, type SealBinding } from './seal';
import { slotNameOf, VerificationIds, type SlotName } from './verification-id';
import { parseSecrets, type Secrets, SecretsFileError } from './secrets';
import { secretsFileReason } from './secrets-file.service';

const REREAD_EVERY_MS = 10_000;
const RELOAD_AT_MOST_EVERY_MS = 1_000;

/** What a code is bound to: it is right only for exactly these. */
export interface CodeFields {
  readonly applicationId: string;
  readonly verificationId: string;
  /** Of the transaction and the caller's digest that were bound, or null when there was neither. */
  readonly transactionDigest: Uint8Array | null;
  /** Normalised. */
  readonly code: string;
}

export interface CodeMac {
  readonly kid: string;
  /** 32 bytes. */
  readonly mac: Buffer;
}

/**
 * Every key of the server. The index key is for good; the ring rotates while the server runs: the file is read
 * again every 10 s, and at once when a `kid` turns up that is not known here. A file that became unreadable or
 * wrong changes nothing, but is logged and shown by `problem()`.
 */
export class KeyRing implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly log = new Logger('KeyRing');
  private readonly index: IndexKeys;
  private readonly verificationIds: VerificationIds;
  private ring: ReadonlyMap<string, RingKeys>;
  private failure: string | null = null;
  private timer: NodeJS.Timeout | undefined;
  private reading: Promise<void> | undefined;
  private lastReload = -Infinity;

  /** `read` gives the text of the secrets file; `text` is what it gave first. Throws `SecretsFileError`. */
  constructor(
    private text: string,
    private readonly clock: Clock,
    private readonly read: () => Promise<string>,
  ) {
    const secrets = parseSecrets(text);
    this.index = deriveIndexKeys(secrets.index);
    this.verificationIds = new VerificationIds(this.index.verificationId);
    this.ring = this.derive(secrets);
  }

  /** Throws a `StartupError` that names SECRETS_FILE and what is wrong with it. */
  static async open(file: string, clock: Clock): Promise<KeyRing> {
    const read = () => readFile(file, 'utf8');
    try {
      return new KeyRing(await read(), clock, read);
    } catch (error) {
      throw new StartupError(`SECRETS_FILE (${file}): ${secretsFileReason(error)}.`, ExitCode.wrongSetting);
    }
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.readOnce(), REREAD_EVERY_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** Names the slot of (application, purpose, recipient). */
  slotName(applicationId: string, purpose: string, e164: string): SlotName {
    return slotNameOf(mac(this.index.slot, [applicationId, purpose, e164]));
  }

  /** A new verification id, which names its slot to whoever has the index key: see `verification-id.ts`. */
  newVerificationId(slotId: string): string {
    return this.verificationIds.create(slotId);
  }

  /** The `_id` of the slot that the verification would be in; null when this cannot be an id. */
  slotOf(verificationId: string): string | null {
    return this.verificationIds.slotOf(verificationId);
  }

  /** Names a recipient within an application, over all purposes: 43 base64url characters. */
  recipientKey(applicationId: string, e164: string): string {
    return mac(this.index.recipient, [applicationId, e164]).toString('base64url');
  }

  /** A keyed digest that never rotates: 32 bytes. */
  digest(label: DigestLabel, ...fields: string[]): Buffer {
    return mac(this.index.digests[label], fields);
  }

  /** The key that signs now: the newest whose `signFrom` has passed. */
  current(): string {
    const now = this.clock.now();
    // The oldest one serves when a clock that was set back has passed none.
    let newest = '';
    for (const { kid, signFrom } of this.ring.values()) if (!newest || signFrom <= now) newest = kid;
    return newest;
  }

  /** Whether what was made with this key can be checked and opened here; if not, `reload()` may help. */
  knows(kid: string): boolean {
    return this.ring.has(kid);
  }

  kids(): string[] {
    return [...this.ring.keys()];
  }

  /** 32 bytes. Throws `unavailable` when `kid` is not known. */
  codeMac(kid: string, fields: CodeFields): Buffer {
    return codeMac(this.keys(kid), fields);
  }

  /** What the stored MAC must be if the code is right, for each key that may have made it. */
  codeMacs(fields: CodeFields): CodeMac[] {
    return Array.from(this.ring.values(), (keys) => ({ kid: keys.kid, mac: codeMac(keys, fields) }));
  }

  /** 29 bytes longer than `plain`. Throws `unavailable` when `kid` is not known. */
  seal(kid: string, binding: SealBinding, plain: Uint8Array | string): Buffer {
    return seal(this.keys(kid).seal, binding, plain);
  }

  /** Throws `SealError` when the value is not what was sealed there, `unavailable` when `kid` is not known. */
  open(kid: string, binding: SealBinding, sealed: Uint8Array): Buffer {
    return open(this.keys(kid).seal, binding, sealed);
  }

  /** Identifies the index key without telling anything about it. */
  indexFingerprint(): string {
    return this.index.fingerprint;
  }

  /** Why the file as it is now is not in force, or null. */
  problem(): string | null {
    return this.failure;
  }

  /** Reads the file again now; callers share one reading, and within a second of the last nothing is read. */
  async reload(): Promise<void> {
    const now = this.clock.monotonic();
    if (!this.reading && now - this.lastReload < RELOAD_AT_MOST_EVERY_MS) return;
    this.lastReload = now;
    await this.readOnce();
  }

  /** One reading at a time: of two at once, the one that began first could end last and bring back an older ring. */
  private readOnce(): Promise<void> {
    this.reading ??= this.readAgain().finally(() => (this.reading = undefined));
    return this.reading;
  }

  private async readAgain(): Promise<void> {
    try {
      const text = await this.read();
      if (text !== this.text) this.adopt(text);
      this.failure = null;
    } catch (error) {
      const failure = `SECRETS_FILE changed and is not in force: ${secretsFileReason(error)}`;
      if (failure !== this.failure) this.log.warn(failure);
      this.failure = failure;
    }
  }

  private adopt(text: string): void {
    const secrets = parseSecrets(text);
    if (deriveIndexKeys(secrets.index).fingerprint !== this.index.fingerprint)
      throw new SecretsFileError(['index is another key than at the start; it can never change']);
    this.ring = this.derive(secrets);
    this.text = text;
    this.log.log(`key ring read again: ${this.kids().join(', ')}; ${this.current()} signs`);
  }

  private derive({ ring }: Secrets): ReadonlyMap<string, RingKeys> {
    const now = this.clock.now();
    if (!ring.some(({ signFrom }) => signFrom <= now))
      throw new SecretsFileError(['no key of the ring may sign yet: every signFrom lies ahead']);
    return new Map(ring.map((entry) => [entry.kid, deriveRingKeys(entry)]));
  }

  private keys(kid: string): RingKeys {
    const keys = this.ring.get(kid);
    if (!keys) throw unavailable('This instance does not have the key that was used. Try again.');
    return keys;
  }
}

function codeMac(
  keys: RingKeys,
  { applicationId, verificationId, transactionDigest, code }: CodeFields,
): Buffer {
  return mac(keys.code, [applicationId, verificationId, transactionDigest, code]);
}
