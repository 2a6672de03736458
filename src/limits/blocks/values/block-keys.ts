import type { KeyRing } from '../../../keys/key-ring.service';
import type { Block } from '../block';

type Digests = Pick<KeyRing, 'digest'>;

/** 128 bits, which no two entries share by chance. */
const LENGTH = 22;

/** The id of an entry: the same for the same value, and nobody without the index key can tell which that is. */
export function blockId(
  keys: Digests,
  { applicationId, list, kind, key }: Pick<Block, 'applicationId' | 'list' | 'kind' | 'key'>,
): string {
  return short(keys.digest('block', 'id', applicationId, list, kind, key));
}

/** A device is a name that its application made: compared letter for letter, in one Unicode form. */
export function deviceKey(keys: Digests, applicationId: string, deviceId: string): string {
  return short(keys.digest('block', 'device', applicationId, deviceId.normalize('NFC')));
}

const short = (digest: Buffer): string => digest.toString('base64url').slice(0, LENGTH);
