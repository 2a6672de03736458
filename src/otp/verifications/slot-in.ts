import type { KeyRing } from '../../keys/key-ring.service';
import { verificationNotFound } from './verification.errors';

/** @throws DomainError `verification_not_found` for what cannot be an id: the same as for an id that never was */
export function slotIn(keys: Pick<KeyRing, 'slotOf'>, verificationId: string): string {
  const slotId = keys.slotOf(verificationId);
  if (slotId === null) throw verificationNotFound();
  return slotId;
}
