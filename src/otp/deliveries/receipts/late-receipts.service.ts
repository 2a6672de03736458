import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import type { Connection } from 'mongoose';
import { verificationEventId, type AuditEvent } from '../../../audit/audit-event';
import { AuditService } from '../../../audit/audit.service';
import { unavailable } from '../../../common/errors';
import { inTransaction } from '../../../common/mongo/transaction';
import type { InTransaction, LateDecision } from '../../relay/read-model/read-model.repository';
import type { ReadModelDocument } from '../../relay/read-model/read-model.schema';
import { ReadModelService } from '../../relay/read-model/read-model.service';
import { lateReceipt } from '../../slots/rules/delivery/receipt';
import type { Settled } from '../../slots/rules/delivery/settlement';
import type { DeliveryRecord } from '../../slots/slot';
import type { DeliveryReport, ReportedPerson } from './receipt-finder.service';
import { ReceiptCounters } from './receipt-counters';
import { factOf, isMeant } from './receipt-match';

/** What a late report came to: the delivery, and the state that became final by it. */
export interface LateOutcome extends ReportedPerson, Settled {
  readonly delivery: DeliveryRecord;
  readonly country: string | null;
  readonly final: string | null;
}

/**
 * Receipts about verifications of which the slot keeps a tombstone at most. The read model is all there is then, and
 * its version goes on where the slot's ended: event and state in one transaction, so that neither comes without the
 * other, and two reports at once cannot take the same number.
 */
@Injectable()
export class LateReceipts {
  constructor(
    @InjectConnection() private readonly connection: Connection,
    private readonly readModel: ReadModelService,
    private readonly audit: AuditService,
    private readonly counters: ReceiptCounters,
  ) {}

  /** @returns null, and counted, when the delivery is not known */
  async record(gateway: string, report: DeliveryReport): Promise<LateOutcome | null> {
    const { db } = this.connection;
    if (!db) throw unavailable('The database did not answer. Try again shortly.');
    const done = await inTransaction(this.connection, (session) =>
      this.write(gateway, report, { db, session }),
    );
    if (!done) {
      this.counters.drop(gateway, 'unknown-delivery', report.receipts.length);
      return null;
    }
    this.counters.add('late', report.receipts.length);
    await this.readModel.markReported(done.document);
    return done.outcome;
  }

  private async write(
    gateway: string,
    { name, receipts }: DeliveryReport,
    transaction: InTransaction,
  ): Promise<{ document: ReadModelDocument; outcome: LateOutcome } | null> {
    const found: Found = { isMeant: false, settled: {} };
    const decide: LateDecision = (before, now) => {
      const delivery = deliveryIn(before, name.deliveryId);
      const meant = delivery ? receipts.filter((one) => isMeant(delivery, gateway, one)) : [];
      found.isMeant = meant.length > 0;
      if (!found.isMeant) return null;
      const proven = meant.some(({ by }) => by === 'ticket');
      const facts = meant.map(({ receipt }) => factOf(receipt));
      const late = lateReceipt(before, { ...name, gateway, proven, receipts: facts }, now);
      found.settled = late?.settlements ? { settlements: late.settlements } : {};
      return late?.change ?? null;
    };
    const reported = await this.readModel.report(name.verificationId, decide, transaction);
    const changed = reported && found.isMeant ? deliveryIn(reported.after, name.deliveryId) : undefined;
    if (!reported || !changed) return null;
    const { before, after } = reported;
    const { applicationId, country } = after;
    const isFinal = after.seq > before.seq;
    if (isFinal) await this.audit.record(eventOf(after, changed), transaction.session);
    const final = isFinal ? changed.state : null;
    const { recipient = null } = after;
    const person = { applicationId, recipient, masked: null };
    return {
      document: after,
      outcome: { ...person, delivery: changed, country, final, ...found.settled },
    };
  }
}

/** What the last try of a transaction found. */
interface Found {
  isMeant: boolean;
  settled: Settled;
}

const deliveryIn = (document: ReadModelDocument, id: string): DeliveryRecord | undefined =>
  document.deliveries.find((one) => one.id === id);

/** As the slot would have written it; the masked number went with the slot. */
function eventOf(document: ReadModelDocument, delivery: DeliveryRecord): AuditEvent {
  const { state, provider, errorCode } = delivery;
  return {
    id: verificationEventId(document._id, document.seq),
    type: state === 'delivered' ? 'delivered' : 'undelivered',
    applicationId: document.applicationId,
    verificationId: document._id,
    seq: document.seq,
    at: delivery.finalAt ?? new Date(),
    actor: 'job:receipt',
    purpose: document.purpose,
    to: null,
    data: { deliveryId: delivery.id, state, provider, errorCode },
  };
}
