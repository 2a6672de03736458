/** Which delivery a receipt is about, and whether that can be true. */
import type { SmsReceipt } from '../../../sms/receipt';
import { isCall, type ReceiptFact } from '../../slots/rules/delivery/attempt';
import type { AttemptRecord, DeliveryRecord } from '../../slots/slot';
import { ID_LENGTH, readClientReference } from './links/receipt-address';
import type { DeliveryName } from './links/receipt-address';

/**
 * How the delivery was told: by the ticket in the address (which proves that this gateway was asked), by the
 * reference that we gave and the vendor echoes, or by the vendor's own, which was remembered.
 */
export type FoundBy = 'ticket' | 'client-reference' | 'reference';

export interface AddressedReceipt {
  readonly name: DeliveryName;
  readonly by: FoundBy;
  readonly receipt: SmsReceipt;
}

/** Beyond, a vendor's name of a part is cut: it only has to tell parts apart, and those are counted up. */
const MAX_PART_LENGTH = 64;
const MAX_PARTS = 255;

/** Null: the ticket is for one delivery, and the receipt says that it is about another one. */
export function byTicket(name: DeliveryName, receipt: SmsReceipt): AddressedReceipt | null {
  const { clientReference = '' } = receipt;
  const told = readClientReference(clientReference);
  const isOther = told
    ? told.deliveryId !== name.deliveryId || told.verificationId !== name.verificationId
    : clientReference.length === ID_LENGTH && clientReference !== name.deliveryId;
  return isOther ? null : { name, by: 'ticket', receipt };
}

/** Null: it does not carry what we sent. */
export function byClientReference(receipt: SmsReceipt): AddressedReceipt | null {
  const name = readClientReference(receipt.clientReference ?? '');
  return name && { name, by: 'client-reference', receipt };
}

/**
 * Whether the delivery can be the one that the gateway means. Another gateway's receipt never is. While the gateways
 * are still being called nobody has written down which; whoever then knows both ids was asked.
 */
export function isMeant(
  delivery: Pick<DeliveryRecord, 'attempts' | 'lease'>,
  gateway: string,
  { by, receipt }: Pick<AddressedReceipt, 'by' | 'receipt'>,
): boolean {
  const own = delivery.attempts.filter((one) => one.provider === gateway && isCall(one));
  if (own.length === 0) return by === 'ticket' || delivery.lease !== undefined;
  return by === 'reference' || agree(own, receipt);
}

/** Vendors may name each part of a message anew: then their reference tells nothing. */
function agree(own: readonly AttemptRecord[], { reference, part }: SmsReceipt): boolean {
  const known = own.flatMap((attempt) => attempt.reference ?? []);
  return !reference || part !== undefined || known.length === 0 || known.includes(reference);
}

const isCount = (parts: number | undefined): parts is number =>
  parts !== undefined && Number.isInteger(parts) && parts > 0 && parts <= MAX_PARTS;

/** What the slot keeps of a receipt. */
export function factOf({
  state,
  reason = 'unknown',
  reference,
  part,
  parts,
  price,
}: SmsReceipt): ReceiptFact {
  return {
    state,
    reason: state === 'undelivered' ? reason : null,
    reference: reference ?? null,
    part: part?.slice(0, MAX_PART_LENGTH) ?? null,
    parts: isCount(parts) ? parts : null,
    price: price && Number.isSafeInteger(price.micros) ? { ...price } : null,
  };
}
