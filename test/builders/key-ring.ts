import { createHash } from 'node:crypto';
import { type Clock, systemClock } from '../../src/common/clock';
import { KeyRing } from '../../src/keys/key-ring.service';

/** A key for tests: always the same for the same name, different for different names. */
export function testKey(name: string): string {
  return createHash('sha256').update(`test key ${name}`).digest('base64');
}

/** The text of a secrets file with these ring entries; each key follows from its `kid`. */
export function secretsText(
  ring: readonly { kid: string; signFrom?: string }[] = [{ kid: 'k1' }],
  index = 'index',
): string {
  return JSON.stringify({
    index: testKey(index),
    ring: ring.map((entry) => ({ ...entry, key: testKey(entry.kid) })),
  });
}

/** A key ring without a file. `file.text` is what it reads on the next `reload()`. */
export function aKeyRing(file = { text: secretsText() }, clock: Clock = systemClock): KeyRing {
  return new KeyRing(file.text, clock, () => Promise.resolve(file.text));
}
