import { Injectable } from '@nestjs/common';
import { KeyRing } from '../../../keys/key-ring.service';
import { PhoneService } from '../../../phone/phone.service';
import { ReadModelService } from '../../relay/read-model/read-model.service';
import type { StoredVerification } from '../../relay/read-model/snapshot';
import type { Answered } from '../../slots/commit/task';
import type { Personal } from '../../slots/personal';
import type { Refusal } from '../../slots/rules/decision';
import { SealedService } from '../../slots/sealed.service';
import { isTombstone, type Slot, type VerificationRecord, type VerificationStatus } from '../../slots/slot';
import { SlotsService, type ReadSlot } from '../../slots/slots.service';
import { verificationNotFound } from '../verification.errors';
import { viewOf, type VerificationView } from './verification.view';

const DEFAULT_LIMIT = 50;

/** Which verifications to list; all that is given must hold. */
export interface ListQuery {
  /** A phone number in E.164. */
  readonly to?: string | undefined;
  readonly status?: VerificationStatus | undefined;
  readonly purpose?: string | undefined;
  readonly createdAfter?: Date | undefined;
  readonly createdBefore?: Date | undefined;
  /** Default 50. */
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

/** Newest first; `nextCursor` is null on the last page. */
export interface VerificationPage {
  readonly items: readonly VerificationView[];
  readonly nextCursor: string | null;
}

/** Reads verifications: the slot while it has them, the read model after. */
@Injectable()
export class ReaderService {
  constructor(
    private readonly slots: SlotsService,
    private readonly readModel: ReadModelService,
    private readonly sealed: SealedService,
    private readonly phones: PhoneService,
    private readonly keys: KeyRing,
  ) {}

  /** @throws DomainError `verification_not_found`, for another application's id too */
  async read(applicationId: string, verificationId: string): Promise<VerificationView> {
    const slotId = this.keys.slotOf(verificationId);
    if (slotId === null) throw verificationNotFound();
    const found = await this.slots.find(slotId);
    const record = found?.slot.applicationId === applicationId && wholeRecord(found.slot, verificationId);
    if (found && record) return this.viewRecord(found, record);
    const stored = await this.readModel.find(applicationId, verificationId);
    if (!stored) throw verificationNotFound();
    return this.viewStored(stored);
  }

  /**
   * The verification as a command of its application left it.
   * @param personal spares opening what the caller sealed itself a moment ago
   */
  async view(
    applicationId: string,
    { slot, now }: Pick<Answered<unknown>, 'slot' | 'now'>,
    verificationId: string,
    personal?: Personal,
  ): Promise<VerificationView> {
    const record = slot && wholeRecord(slot, verificationId);
    if (!record) return this.read(applicationId, verificationId);
    return this.viewRecord({ slot, now }, record, personal);
  }

  /**
   * From the read model, which is at most a second behind.
   * @throws DomainError `phone_invalid` for `to`, `invalid_request` for a cursor that is none
   */
  async list(
    applicationId: string,
    { to, limit = DEFAULT_LIMIT, ...query }: ListQuery,
  ): Promise<VerificationPage> {
    const page = await this.readModel.list(applicationId, {
      ...query,
      limit,
      ...(to === undefined ? {} : { recipient: this.recipient(applicationId, to) }),
    });
    const items = await Promise.all(page.items.map((stored) => this.viewStored(stored)));
    return { items, nextCursor: page.nextCursor };
  }

  /** Slots forget verifications that ended long ago; the read model tells those from ids that never were. */
  async whyNotFound(applicationId: string, verificationId: string): Promise<Refusal> {
    const stored = await this.readModel.find(applicationId, verificationId);
    if (!stored || stored.status === 'pending') return { kind: 'not_found' };
    return { kind: 'ended', status: stored.status };
  }

  private async viewRecord(
    { slot, now }: ReadSlot,
    record: VerificationRecord,
    known?: Personal,
  ): Promise<VerificationView> {
    const personal = known ?? (await this.open(slot._id, record));
    return viewOf(record, { purpose: slot.purpose, sends: slot.sends, personal, now });
  }

  private async viewStored(stored: StoredVerification): Promise<VerificationView> {
    const { purpose, sends, now } = stored;
    return viewOf(stored, { purpose, sends, now, personal: await this.open(stored.slotId, stored) });
  }

  private async open(
    slotId: string,
    record: Pick<VerificationRecord, 'id' | 'kid' | 'personal'>,
  ): Promise<Personal | null> {
    await this.sealed.ready(record);
    return this.sealed.openPersonal(slotId, record);
  }

  /** A plus sign that was not encoded arrives as a space. */
  private recipient(applicationId: string, to: string): string {
    const number = this.phones.canonical({ to: to.replace(/^ (?=\d)/, '+') });
    return this.keys.recipientKey(applicationId, number.e164);
  }
}

/** The slot's record of a verification, unless only a tombstone is left of it. */
function wholeRecord({ current, past }: Slot, id: string): VerificationRecord | null {
  if (current.id === id) return current;
  const found = past.find((one) => one.id === id);
  return found && !isTombstone(found) ? found : null;
}
