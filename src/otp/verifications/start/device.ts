import type { KeyRing } from '../../../keys/key-ring.service';

/** 128 bits tell five devices apart. */
const LENGTH = 22;

/**
 * A device as a slot remembers it: nobody without the index key can tell which one it is, or that two recipients share
 * one. 22 base64url characters.
 */
export function deviceIn(
  keys: Pick<KeyRing, 'digest'>,
  slotId: string,
  deviceId: string | undefined,
): string | undefined {
  return deviceId === undefined
    ? undefined
    : keys.digest('device', slotId, deviceId).toString('base64url').slice(0, LENGTH);
}
