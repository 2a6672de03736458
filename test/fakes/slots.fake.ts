import { cancel, type CancelCommand } from '../../src/otp/slots/rules/cancel';
import {
  check,
  checkRecipient,
  type CheckCommand,
  type RecipientCheckCommand,
} from '../../src/otp/slots/rules/check';
import { create, type CreateCommand } from '../../src/otp/slots/rules/create';
import type { Decision } from '../../src/otp/slots/rules/decision';
import { resend, type ResendCommand } from '../../src/otp/slots/rules/resend';
import { unlock, type UnlockCommand } from '../../src/otp/slots/rules/unlock';
import type { Slot } from '../../src/otp/slots/slot';
import type { SlotsService } from '../../src/otp/slots/slots.service';

type ClientSide = Pick<
  SlotsService,
  | 'waiting'
  | 'create'
  | 'foreseeCreate'
  | 'check'
  | 'checkRecipient'
  | 'resend'
  | 'foreseeResend'
  | 'cancel'
  | 'unlock'
  | 'find'
  | 'findMany'
>;

/** The slots as clients use them: the rules themselves, over a map. */
export class FakeSlots implements ClientSide {
  readonly stored = new Map<string, Slot>();
  waiting = 0;
  /** The database's time. */
  now = new Date('2030-01-31T12:00:00.000Z');

  /** As the service, for constructors that ask for the class. */
  asService(): SlotsService {
    return this as unknown as SlotsService;
  }

  pass(ms: number): void {
    this.now = new Date(this.now.getTime() + ms);
  }

  async create(command: CreateCommand) {
    return this.run(command.slot._id, (slot) => create(slot, command, this.now));
  }

  async foreseeCreate(command: CreateCommand) {
    return this.run(command.slot._id, (slot) => ({ outcome: create(slot, command, this.now).outcome }));
  }

  async check(slotId: string, command: CheckCommand) {
    return this.run(slotId, (slot) => check(slot, command, this.now));
  }

  async checkRecipient(slotId: string, command: RecipientCheckCommand) {
    return this.run(slotId, (slot) => checkRecipient(slot, command, this.now));
  }

  async resend(slotId: string, command: ResendCommand) {
    return this.run(slotId, (slot) => resend(slot, command, this.now));
  }

  async foreseeResend(slotId: string, command: ResendCommand) {
    return this.run(slotId, (slot) => ({ outcome: resend(slot, command, this.now).outcome }));
  }

  async cancel(slotId: string, command: CancelCommand) {
    return this.run(slotId, (slot) => cancel(slot, command, this.now));
  }

  async unlock(slotId: string, command: UnlockCommand) {
    return this.run(slotId, (slot) => unlock(slot, command, this.now));
  }

  async find(slotId: string) {
    const slot = this.stored.get(slotId);
    return slot ? { slot, now: this.now } : null;
  }

  async findMany(slotIds: readonly string[]) {
    return slotIds.flatMap((id) => this.stored.get(id) ?? []);
  }

  private run<Outcome>(slotId: string, decide: (slot: Slot | null) => Decision<Outcome>) {
    const old = this.stored.get(slotId) ?? null;
    const { outcome, next } = decide(old);
    if (next) this.stored.set(slotId, { ...next, v: next.v + 1 });
    return { outcome, slot: this.stored.get(slotId) ?? null, now: this.now };
  }
}
