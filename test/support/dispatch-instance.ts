/**
 * One instance of the app as far as messages are concerned: slots, gateways and dispatch of its own, on the real
 * database and with the keys that all of them share.
 */
import type { Application, ApplicationSettings } from '../../src/applications/application';
import type { ApplicationsService } from '../../src/applications/applications.service';
import { systemClock } from '../../src/common/clock';
import { DispatchService, type ClaimedDelivery } from '../../src/otp/deliveries/dispatch.service';
import { FollowUpService } from '../../src/otp/deliveries/follow-up.service';
import { ReceiptReferences } from '../../src/otp/deliveries/receipts/links/receipt-references.repository';
import type { Stop } from '../../src/limits/blocks/blocks.service';
import { ResultsService } from '../../src/otp/deliveries/results.service';
import { SealedService } from '../../src/otp/slots/sealed.service';
import type { DeliveryRecord } from '../../src/otp/slots/slot';
import { SlotRepository } from '../../src/otp/slots/slot.repository';
import { SlotsService } from '../../src/otp/slots/slots.service';
import { aKeyRing } from '../builders/key-ring';
import { moneyOn } from '../builders/money';
import { receiptAddresses } from '../builders/receipt-links';
import { aCreate, RIGHT } from '../builders/slot-commands.builder';
import { smsServiceWith } from '../builders/sms-service';
import { FakeGateway } from '../../src/testing/fakes/fake-gateway';
import type { TestMongo } from './mongo';

export const TO = '+12015550123';

interface Parts {
  readonly settings?: ApplicationSettings;
  /** Of texts. Default: `fake` alone. */
  readonly route?: string;
  /** What `results` writes to, in place of the instance's own. */
  readonly resultsTo?: SlotsService;
}

export class DispatchInstance {
  /** Has the route for texts. */
  readonly fake = new FakeGateway();
  /** Has the route for calls. */
  readonly other = new FakeGateway();
  readonly slots: SlotsService;
  /** What was put on the block list. */
  readonly stops: Stop[] = [];
  readonly dispatch: DispatchService;
  readonly followUps: FollowUpService;
  readonly application: Application;
  private readonly sealed = new SealedService(aKeyRing());

  constructor(test: TestMongo, { settings = {}, route = '*:fake', resultsTo }: Parts = {}) {
    this.application = { id: 'app', name: 'Shop', settings, createdAt: new Date(0), purposes: [] };
    this.slots = new SlotsService(new SlotRepository(test.durableDb), systemClock);
    const gateways = { fake: this.fake, other: this.other };
    const sms = smsServiceWith(gateways, { sms: route, voice: '*:other' });
    const references = new ReceiptReferences(test.durableDb);
    const blocks = { stop: async (stop: Stop) => void this.stops.push(stop) };
    const money = moneyOn(test.durableDb);
    const results = new ResultsService(resultsTo ?? this.slots, references, blocks, money, systemClock);
    const addresses = receiptAddresses('fake', 'other');
    this.dispatch = new DispatchService(results, sms, this.sealed, addresses, systemClock);
    const applications = { find: async () => this.application } as unknown as ApplicationsService;
    this.followUps = new FollowUpService(this.slots, this.dispatch, this.sealed, sms, applications);
  }

  /** A verification whose first delivery is leased to this instance, not yet started. */
  async leased(asked: Parameters<typeof aCreate>[0] = {}): Promise<ClaimedDelivery> {
    const { leaseStart, ...lease } = this.dispatch.newLease();
    const command = aCreate(asked);
    const { record, delivery } = command;
    const personal = { to: TO };
    const sealed = this.sealed.seal(record.kid, command.slot._id, record.id, RIGHT, personal);
    const { slot, now } = await this.slots.create({ ...command, ...lease, record: { ...record, ...sealed } });
    if (!slot) throw new Error('nothing was started');
    return { slot, now, deliveryId: delivery.id, leaseStart, leaseN: 1, application: this.application };
  }

  /** The same, and sent. */
  async sent(asked: Parameters<typeof aCreate>[0] = {}): Promise<ClaimedDelivery> {
    const claimed = await this.leased(asked);
    await this.dispatch.send(claimed);
    await this.settled(claimed);
    return claimed;
  }

  settled({ deliveryId }: ClaimedDelivery, ms = 6_000): Promise<void> {
    return this.dispatch.settled(deliveryId, ms);
  }
}

/** The first delivery of its verification as it is in the database, and the database's time. */
export async function stored(
  { slots }: Pick<DispatchInstance, 'slots'>,
  { slot }: Pick<ClaimedDelivery, 'slot'>,
): Promise<{ delivery: DeliveryRecord | undefined; now: Date }> {
  const found = await slots.find(slot._id);
  if (!found) throw new Error(`no slot ${slot._id}`);
  return { delivery: found.slot.current.deliveries[0], now: found.now };
}
