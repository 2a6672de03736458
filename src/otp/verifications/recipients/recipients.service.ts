import { Injectable } from '@nestjs/common';
import { newId } from '../../../common/ids';
import { KeyRing } from '../../../keys/key-ring.service';
import { PhoneService } from '../../../phone/phone.service';
import { CountsService } from '../../../limits/counts/counts.service';
import { lockAt, lockRulesOf } from '../../slots/rules/lock';
import { SlotsService } from '../../slots/slots.service';
import type { CallContext } from '../call-context';
import { sendsView, type SendsView } from '../read/verification.view';
import { DEFAULT_PURPOSE, frozen } from '../start/start-plan';

/** Somebody by phone number: the slot is the one of (application, purpose, recipient). */
export interface Recipient {
  readonly to: string;
  readonly purpose?: string | undefined;
}

export interface RecipientView {
  /** Consecutive wrong checks. */
  readonly failures: number;
  /** Null also when only an unlock ends the lock. */
  readonly lockedUntil: Date | null;
  /** `nextAt` is null for a recipient never seen. */
  readonly sends: Omit<SendsView, 'nextAt'> & { readonly nextAt: Date | null };
}

/** What support staff may see and forgive. */
@Injectable()
export class RecipientsService {
  constructor(
    private readonly slots: SlotsService,
    private readonly keys: KeyRing,
    private readonly phones: PhoneService,
    private readonly counts: CountsService,
  ) {}

  /** By the rules that a start would go by now. */
  async lookup(context: CallContext, recipient: Recipient): Promise<RecipientView> {
    const rules = frozen(context.policyOf(recipient.purpose ?? DEFAULT_PURPOSE));
    const { _id, key } = this.slotName(context, recipient);
    const found = await this.slots.find(_id);
    if (found?.slot.key !== key)
      return { failures: 0, lockedUntil: null, sends: { used: 0, max: rules.sends.sendsMax, nextAt: null } };
    const { slot, now } = found;
    return {
      failures: slot.failures,
      lockedUntil: lockAt(slot, now, { rules: lockRulesOf(rules) })?.until ?? null,
      sends: sendsView(slot.sends, rules.sends, now),
    };
  }

  async unlock(context: CallContext, recipient: Recipient): Promise<void> {
    const { application, actor } = context;
    const { _id, key } = this.slotName(context, recipient);
    await this.slots.unlock(_id, { applicationId: application.id, op: newId(), actor, keyed: false, key });
    await this.counts.clear(this.phones.canonical({ to: recipient.to }).e164, application);
  }

  private slotName(
    { application }: CallContext,
    { to, purpose }: Recipient,
  ): ReturnType<KeyRing['slotName']> {
    const number = this.phones.canonical({ to });
    return this.keys.slotName(application.id, purpose ?? DEFAULT_PURPOSE, number.e164);
  }
}
