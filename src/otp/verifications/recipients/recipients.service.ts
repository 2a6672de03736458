import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { policyFor } from '../../slots/policy';
import type { Principal } from '../../../applications/application';
import { newId } from '../../../common/ids';
import { KeyRing } from '../../../keys/key-ring.service';
import { PhoneService } from '../../../phone/phone.service';
import { lockAt } from '../../slots/slot.answers';
import { SlotRepository } from '../../slots/slot.repository';
import { DEFAULT_PURPOSE } from '../start/start-plan';
import { sendsView } from '../read/verification.view';
import type { Recipient, recipientAnswerSchema } from '../verifications.dto';

export type RecipientAnswer = z.infer<typeof recipientAnswerSchema>;

/** What support staff may see and forgive. */
@Injectable()
export class RecipientsService {
  constructor(
    private readonly slots: SlotRepository,
    private readonly keys: KeyRing,
    private readonly phones: PhoneService,
  ) {}

  async lookup(principal: Principal, recipient: Recipient): Promise<RecipientAnswer> {
    const found = await this.slots.findByKey(this.slotId(principal, recipient));
    const policy = policyFor(principal.application.settings, recipient.purpose ?? DEFAULT_PURPOSE);
    if (!found)
      return { failures: 0, lockedUntil: null, sends: { used: 0, max: policy.sends.max, nextAt: null } };
    const { slot, now } = found;
    return {
      failures: slot.failures,
      lockedUntil: lockAt(slot, now)?.until?.toISOString() ?? null,
      sends: sendsView(slot.sends, policy, now),
    };
  }

  async unlock(principal: Principal, recipient: Recipient): Promise<void> {
    const op = newId();
    await this.slots.unlock(this.slotId(principal, recipient), { op, actor: `key:${principal.keyId}` });
  }

  private slotId({ application }: Principal, { to, purpose }: Recipient): string {
    const number = this.phones.canonical({ to });
    return this.keys.slotKey(application.id, purpose ?? DEFAULT_PURPOSE, number.e164);
  }
}
