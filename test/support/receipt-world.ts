/** Deliveries on their way in the real database, and instances of the app that take receipts about them. */
import type { mongo } from 'mongoose';
import type { Application } from '../../src/applications/application';
import { newId } from '../../src/common/ids';
import type { Stop } from '../../src/limits/blocks/blocks.service';
import { LateReceipts } from '../../src/otp/deliveries/receipts/late-receipts.service';
import type { DeliveryName } from '../../src/otp/deliveries/receipts/links/receipt-address';
import { ReceiptReferences } from '../../src/otp/deliveries/receipts/links/receipt-references.repository';
import { ReceiptConsequences } from '../../src/otp/deliveries/receipts/receipt-consequences.service';
import { ReceiptCounters } from '../../src/otp/deliveries/receipts/receipt-counters';
import { ReceiptFinder } from '../../src/otp/deliveries/receipts/receipt-finder.service';
import { ReceiptReports } from '../../src/otp/deliveries/receipts/receipt-reports.service';
import type { CreateCommand } from '../../src/otp/slots/rules/create';
import type { DeliveryRecord } from '../../src/otp/slots/slot';
import type { SmsReceipt } from '../../src/sms/receipt';
import type { GatewayFeedback } from '../../src/sms/sms.service';
import { moneyOn } from '../builders/money';
import { aKeyRing } from '../builders/key-ring';
import { aCreate, anAcceptance } from '../builders/slot-commands.builder';
import type { TestMongo } from './mongo';
import { SlotWorld } from './slot-world';

export type Sent = DeliveryName & { readonly slotId: string };

export const account = { kind: 'account' } as const;
export const ticket = ({ verificationId, deliveryId }: DeliveryName) =>
  ({ kind: 'ticket', verificationId, deliveryId }) as const;
export const told = (name: DeliveryName, more: Partial<SmsReceipt> = {}): SmsReceipt => ({
  state: 'delivered',
  clientReference: name.verificationId + name.deliveryId,
  ...more,
});

const keys = aKeyRing();
const newSlotId = (): string => keys.slotName('app', 'default', newId())._id;
export const newVerificationId = (slotId = newSlotId()): string => keys.newVerificationId(slotId);

export class ReceiptWorld {
  private constructor(
    private readonly test: TestMongo,
    readonly slots: SlotWorld,
  ) {}

  static async open(test: TestMongo): Promise<ReceiptWorld> {
    return new ReceiptWorld(test, await SlotWorld.open(test));
  }

  /** @param fault asked before each command of the slots; what it throws is what the command comes to */
  instance(failoverWithinSeconds = 120, fault: (command: object) => void = () => undefined) {
    const commits: number[] = [];
    const slots = this.slots.instance(counted(this.test.durableDb, commits, fault));
    const drops: string[] = [];
    const counters = new ReceiptCounters((gateway, reason) => void drops.push(`${gateway} ${reason}`));
    const references = new ReceiptReferences(this.test.durableDb);
    const feedback: GatewayFeedback[] = [];
    const stops: Stop[] = [];
    const finder = new ReceiptFinder(references, slots, keys, counters);
    const reports = new ReceiptReports(
      finder,
      slots,
      new LateReceipts(this.test.connection, this.slots.readModel, this.slots.audit, counters),
      { find: () => Promise.resolve({ settings: { delivery: { failoverWithinSeconds } } } as Application) },
      new ReceiptConsequences(
        { feedback: (one) => void feedback.push(one) },
        { stop: (one) => this.stop(one, stops) },
        moneyOn(this.test.durableDb),
      ),
    );
    return { reports, slots, counters, drops, references, feedback, stops, commits, finder };
  }

  /** What putting a number on the block list comes to; null: it is put there. */
  stopFailure: Error | null = null;

  private async stop(one: Stop, stops: Stop[]): Promise<void> {
    if (this.stopFailure) throw this.stopFailure;
    stops.push(one);
  }

  /** A delivery that is on its way to the gateways. */
  async sending(slotId = newSlotId()): Promise<Sent & { readonly command: CreateCommand }> {
    const verificationId = newVerificationId(slotId);
    const command = aCreate({ slotId, id: verificationId, whenPending: 'replace' });
    await this.slots.slots.create(command);
    return { slotId, verificationId, deliveryId: command.delivery.id, command };
  }

  /** A delivery that the gateway took under the reference `{provider}-1`. */
  async sent(slotId?: string, provider = 'acme'): Promise<Sent> {
    const { command, ...one } = await this.sending(slotId);
    await this.slots.slots.result(one.slotId, anAcceptance(command, provider));
    return one;
  }

  /** As its slot has it; undefined when only a tombstone is left. */
  async deliveryOf({ slotId, verificationId }: Sent): Promise<DeliveryRecord | undefined> {
    const { current, past } = await this.slots.slot(slotId);
    const record = [current, ...past].find(({ id }) => id === verificationId);
    return record && 'deliveries' in record ? record.deliveries[0] : undefined;
  }
}

/** Notes each `update` command. */
function counted(db: mongo.Db, commits: number[], fault: (command: object) => void): mongo.Db {
  const command = async (document: mongo.BSON.Document, options?: mongo.RunCommandOptions) => {
    fault(document);
    if ('update' in document) commits.push((document['updates'] as unknown[]).length);
    return db.command(document, options);
  };
  return { command } as unknown as mongo.Db;
}
