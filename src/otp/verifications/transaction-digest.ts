import type { KeyRing } from '../../keys/key-ring.service';
import type { Transaction } from './verifications.dto';

/** Part of what the code is bound to: a missing, extra or different transaction makes a guess wrong. Null without one. */
export function transactionDigest(
  keys: Pick<KeyRing, 'digest'>,
  transaction: Transaction | undefined,
): Buffer | null {
  if (!transaction) return null;
  const { amount, currency, payee } = transaction;
  return keys.digest('transaction', amount, currency, payee);
}
