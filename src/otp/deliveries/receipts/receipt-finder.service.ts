import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { SmsReceipt } from '../../../sms/receipt';
import { KeyRing } from '../../../keys/key-ring.service';
import { isTombstone, type DeliveryRecord, type Slot, type VerificationRecord } from '../../slots/slot';
import { SlotsService } from '../../slots/slots.service';
import type { DeliveryName } from './links/receipt-address';
import type { ReceiptAddress } from './links/receipt-addresses.service';
import { ReceiptReferences } from './links/receipt-references.repository';
import { byClientReference, byTicket, isMeant } from './receipt-match';
import type { AddressedReceipt } from './receipt-match';
import { ReceiptCounters } from './receipt-counters';

/** The person whom a receipt is about, as far as that is still known. */
export interface ReportedPerson {
  readonly applicationId: string;
  /** HMAC of (application, number); null once it was removed. */
  readonly recipient: string | null;
  readonly masked: string | null;
}

/** Where a slot holds the delivery. */
export interface ReportedPlace extends ReportedPerson {
  readonly slotId: string;
  readonly country: VerificationRecord['country'];
  readonly delivery: DeliveryRecord;
}

/** Everything that one call said of one delivery; `place` is null when no slot holds it any more. */
export interface DeliveryReport {
  readonly name: DeliveryName;
  readonly receipts: readonly AddressedReceipt[];
  readonly place: ReportedPlace | null;
}

/** A receipt may come before its reference is written down: within the same instant, or a little later. */
const LOOK_AGAIN_MS = 500;

/** From receipts to the deliveries that they are about. What is about none is counted and dropped. */
@Injectable()
export class ReceiptFinder {
  constructor(
    private readonly references: ReceiptReferences,
    private readonly slots: SlotsService,
    private readonly keys: KeyRing,
    private readonly counters: ReceiptCounters,
  ) {}

  async find(
    gateway: string,
    address: ReceiptAddress,
    receipts: readonly SmsReceipt[],
  ): Promise<DeliveryReport[]> {
    const addressed =
      address.kind === 'ticket'
        ? this.ticketed(gateway, address, receipts)
        : await this.addressed(gateway, receipts);
    const reports = grouped(addressed);
    const slots = await this.slotsOf(reports.map(({ name }) => name.verificationId));
    return reports.flatMap((report) => this.placed(gateway, report, slots) ?? []);
  }

  private ticketed(gateway: string, name: DeliveryName, receipts: readonly SmsReceipt[]): AddressedReceipt[] {
    const meant = receipts.flatMap((receipt) => byTicket(name, receipt) ?? []);
    this.counters.drop(gateway, 'other-delivery', receipts.length - meant.length);
    return meant;
  }

  private async addressed(gateway: string, receipts: readonly SmsReceipt[]): Promise<AddressedReceipt[]> {
    const echoed = receipts.map((receipt) => ({ receipt, found: byClientReference(receipt) }));
    const others = echoed.flatMap(({ receipt, found }) => (found ? [] : (receipt.reference ?? [])));
    const known = await this.remembered(gateway, [...new Set(others)]);
    return echoed.flatMap(({ receipt, found }) => {
      const name = known.get(receipt.reference ?? '');
      if (found) return found;
      if (name) return [{ name, by: 'reference' as const, receipt }];
      this.counters.drop(gateway, receipt.reference ? 'unknown-reference' : 'no-reference');
      return [];
    });
  }

  private async remembered(
    gateway: string,
    references: readonly string[],
  ): Promise<Map<string, DeliveryName>> {
    const known = await this.references.find(gateway, references);
    if (known.size === references.length) return known;
    await sleep(LOOK_AGAIN_MS);
    return this.references.find(gateway, references);
  }

  /** Null, and counted, when the slot knows the verification but not that delivery by that gateway. */
  private placed(
    gateway: string,
    report: Omit<DeliveryReport, 'place'>,
    slots: readonly Slot[],
  ): DeliveryReport | null {
    const record = recordIn(slots, report.name.verificationId);
    if (!record) return { ...report, place: null };
    const place = placeIn(record, report.name.deliveryId);
    const meant = place ? report.receipts.filter((one) => isMeant(place.delivery, gateway, one)) : [];
    this.counters.add('applied', meant.length);
    const dropped = report.receipts.length - meant.length;
    this.counters.drop(gateway, place ? 'other-gateway' : 'unknown-delivery', dropped);
    return meant.length > 0 ? { ...report, receipts: meant, place } : null;
  }

  /** Ids find their slots; what cannot be one finds nothing. */
  private slotsOf(verificationIds: readonly string[]): Promise<readonly Slot[]> {
    const slotIds = verificationIds.flatMap((id) => this.keys.slotOf(id) ?? []);
    return this.slots.findMany([...new Set(slotIds)]);
  }
}

function grouped(receipts: readonly AddressedReceipt[]): Omit<DeliveryReport, 'place'>[] {
  const groups = new Map<string, AddressedReceipt[]>();
  for (const one of receipts) {
    const key = one.name.verificationId + one.name.deliveryId;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].flatMap((all) => (all[0] ? [{ name: all[0].name, receipts: all }] : []));
}

interface Found {
  readonly slot: Slot;
  readonly record: Pick<VerificationRecord, 'country' | 'deliveries' | 'masked'>;
}

/** A whole record; of a tombstone nothing is left to change. */
function recordIn(slots: readonly Slot[], verificationId: string): Found | null {
  for (const slot of slots) {
    const record = [slot.current, ...slot.past].find(({ id }) => id === verificationId);
    if (record && !isTombstone(record)) return { slot, record };
  }
  return null;
}

function placeIn({ slot, record }: Found, deliveryId: string): ReportedPlace | null {
  const delivery = record.deliveries.find(({ id }) => id === deliveryId);
  const { _id: slotId, applicationId, recipient } = slot;
  const { country, masked } = record;
  return delivery ? { slotId, applicationId, recipient, masked, country, delivery } : null;
}
