import { Injectable } from '@nestjs/common';
import { policyFor } from '../../slots/policy';
import type { Application } from '../../../applications/application';
import type { VerificationSnapshot } from '../../relay/read-model/snapshot';
import { ReadModelService } from '../../relay/read-model/read-model.service';
import { verificationNotFound } from '../refusals';
import { SealedService } from '../../slots/sealed.service';
import { SlotRepository } from '../../slots/slot.repository';
import type { SlotDocument, VerificationRecord } from '../../slots/slot';
import type { SlotState } from '../../slots/slot.store';
import { renderVerification } from './verification.view';
import type { Personal, ViewedRecord } from './verification.view';
import type { VerificationAnswer } from '../verifications.dto';

/** Reads verifications: the slot while it has them, the read model after. */
@Injectable()
export class ReaderService {
  constructor(
    private readonly slots: SlotRepository,
    private readonly history: ReadModelService,
    private readonly sealed: SealedService,
  ) {}

  /** @throws DomainError `verification_not_found`, for another application's id too. */
  async get(application: Application, verificationId: string): Promise<VerificationAnswer> {
    const found = await this.slots.findByVerification(application.id, verificationId);
    const record = found && wholeRecord(found.slot, verificationId);
    if (found && record) return this.render(application, found.slot, record, found.now);
    const snapshot = await this.history.find(application.id, verificationId);
    if (!snapshot) throw verificationNotFound();
    return this.renderSnapshot(application, snapshot);
  }

  /** The current verification of a slot that was just read. `personal` when the caller knows it anyway. */
  renderCurrent(
    application: Application,
    { slot, now }: { slot: SlotState; now: Date },
    personal?: Personal,
  ): Promise<VerificationAnswer> {
    return this.render(application, slot, slot.current, now, personal);
  }

  /** The read model has judged the expiry by the database's time; this machine's clock only dates `sends`. */
  renderSnapshot(application: Application, snapshot: VerificationSnapshot): Promise<VerificationAnswer> {
    return this.render(application, { ...snapshot, _id: snapshot.slotId }, snapshot, new Date());
  }

  private async render(
    application: Application,
    slot: { readonly _id: string; readonly purpose: string; readonly sends: readonly Date[] },
    record: ViewedRecord & Pick<VerificationRecord, 'kid' | 'personal'>,
    now: Date,
    personal?: Personal,
  ): Promise<VerificationAnswer> {
    if (!personal) await this.sealed.ready(record);
    return renderVerification({
      record,
      purpose: slot.purpose,
      sends: slot.sends,
      personal: personal ?? this.sealed.openPersonal(slot._id, record),
      policy: policyFor(application.settings, slot.purpose),
      now,
    });
  }
}

/** The slot's record of a verification, unless only a tombstone is left of it. */
function wholeRecord({ current, past }: SlotDocument, id: string): VerificationRecord | null {
  if (current.id === id) return current;
  const found = past.find((one) => one.id === id);
  return found && !('tombstone' in found) ? found : null;
}
