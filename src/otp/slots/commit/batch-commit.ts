/**
 * One batch: decide what memory proposes, one read of the other slots, decide those, one `update` command, and from its
 * answer who is answered what.
 */
import { randomInt } from 'node:crypto';
import type { Clock } from '../../../common/clock';
import { unavailable } from '../../../common/errors';
import { answered } from '../../../common/mongo/answered';
import { NotAboard, type Ride } from '../../../common/mongo/ride';
import { classifyFailure } from '../../../common/mongo/write-failure';
import type { Slot } from '../slot';
import type { SlotRepository, WriteReport } from '../slot.repository';
import { answer, answerBy, refusal, rejectAll, unknownOutcome, type Absent } from './answers';
import { DatabaseClock } from '../../../common/mongo/database-clock';
import { Newcomers } from './newcomers';
import { isWriteOnly, planSlot, statementsOf, type SlotPlan } from './plan';
import type { Waiting } from './queue';
import { behindFirst, conclude, partedByRider, refusableLast, ridersOf } from './riders';
import { SlotMemory } from './slot-memory';

/**
 * Nobody waits for a command any more then: every caller was told that the outcome is open. All that is queued waits for
 * the batch under way, so one command without an end would stop this process for good.
 */
const COMMAND_MS = 8_500;

type Plan = SlotPlan<Waiting>;
type ChangingPlan = Plan & Required<Pick<Plan, 'change'>>;

/** What the commit needs of the database. */
export type SlotStore = Pick<SlotRepository, 'read' | 'write' | 'now'>;

/** What becomes of commands that this batch could not answer. */
export interface Leftovers {
  /** They lost a race: decide them again, in a batch to come. */
  tryAgain(items: readonly Waiting[]): void;
  /** Something among them is not acceptable to BSON or the server: run each alone. */
  separate(items: readonly Waiting[], error: unknown): void;
}

export class BatchCommit {
  private readonly time: DatabaseClock;
  private readonly memory: SlotMemory;
  private readonly newcomers = new Newcomers();
  private readonly listeners: ((slot: Slot) => void)[] = [];

  constructor(
    private readonly store: SlotStore,
    clock: Pick<Clock, 'monotonic'>,
    private readonly leftovers: Leftovers,
  ) {
    this.time = new DatabaseClock(clock);
    this.memory = new SlotMemory(clock);
  }

  /** Told of every slot that this process has written, once a majority has it. */
  onWritten(listener: (slot: Slot) => void): void {
    this.listeners.push(listener);
  }

  /** Never rejects. */
  async run(batch: ReadonlyMap<string, Waiting[]>): Promise<void> {
    await this.commit(batch).catch((error: unknown) => this.failed(batch, error));
  }

  /** The read failed, so nothing was written. */
  private failed(batch: ReadonlyMap<string, Waiting[]>, error: unknown): void {
    const items = [...batch.values()].flat();
    if (classifyFailure(error) !== 'indeterminate') return this.leftovers.separate(items, error);
    for (const item of items) item.reject(unavailable('The database did not answer. Try again.'));
  }

  private async commit(batch: ReadonlyMap<string, Waiting[]>): Promise<void> {
    const plans = await this.decide(batch);
    const changing = plans.filter((plan): plan is ChangingPlan => plan.change !== undefined);
    for (const plan of plans) {
      for (const { item, error } of plan.failed) item.reject(error);
      // Read by a majority, and nothing of this batch in it: an answer already.
      if (!plan.change) answer(plan);
    }
    if (changing.length > 0) await this.depart(changing);
  }

  private async decide(batch: ReadonlyMap<string, Waiting[]>): Promise<Plan[]> {
    const plans: Plan[] = [];
    const unknown: string[] = [];
    for (const [slotId, items] of batch) {
      const proposed = this.propose(slotId, items);
      if (proposed) plans.push(proposed);
      else unknown.push(slotId);
    }
    if (unknown.length === 0) return plans;
    const { slots, now } = await this.read(unknown);
    const byId = new Map(slots.map((slot) => [slot._id, slot]));
    for (const slotId of unknown) {
      const items = batch.get(slotId) ?? [];
      const slot = byId.get(slotId) ?? null;
      if (items[0]?.task.mayBegin) this.newcomers.met(slot === null);
      plans.push(planSlot(slotId, items, slot, { now, random: randomInt(1000) }));
    }
    return plans;
  }

  /** From memory or by experience, which may be wrong: only what a write will prove. */
  private propose(slotId: string, items: readonly Waiting[]): Plan | null {
    const now = this.time.now();
    if (!now || items.some(({ lost }) => lost > 1)) return null;
    const slot = this.memory.get(slotId) ?? null;
    if (!slot && !(items[0]?.task.mayBegin && this.newcomers.areLikely)) return null;
    const plan = planSlot(slotId, items, slot, { now, random: randomInt(1000) });
    return isWriteOnly(plan) ? plan : null;
  }

  private async read(slotIds: readonly string[]): Promise<{ slots: readonly Slot[]; now: Date }> {
    const { slots, now } = await answered(this.store.read(slotIds), COMMAND_MS);
    const told = now ?? (this.time.now() ? null : await this.askTime());
    if (told) this.time.observe(told);
    return { slots, now: told ?? this.time.now() ?? (await this.askTime()) };
  }

  private askTime(): Promise<Date> {
    return answered(this.store.now(), COMMAND_MS);
  }

  private async depart(plans: readonly ChangingPlan[]): Promise<void> {
    const riders = ridersOf(plans);
    const ride = await riders[0]?.log.board(riders.map(({ item }) => item));
    if (ride) await this.writeBehind(ride, refusableLast(plans));
    else if (riders.length > 0) this.leaveBehind(plans);
    else await this.write(plans);
  }

  private async write(plans: readonly ChangingPlan[]): Promise<void> {
    const report = await this.report(plans, () => this.store.write(statementsOf(plans)));
    if (report) await this.sort(plans, report);
  }

  /** Nothing of the slots is written unless what rides first is on record. */
  private async writeBehind(ride: Ride, plans: readonly ChangingPlan[]): Promise<void> {
    const statements = [ride.statement, ...statementsOf(plans)];
    const report = await this.report(plans, () => this.store.write(statements, true), ride);
    if (!report) return;
    const fate = conclude(ride, report);
    if (fate === 'missed') this.leaveBehind(plans);
    else if (fate === 'unknown') await this.settle(plans, 'unknown');
    // What stands behind a refused one was not run: it has lost like others, and is decided again.
    else await this.sort(plans, behindFirst(report));
  }

  /** Those who need a ride hear that there is none; the others go with the next batch. */
  private leaveBehind(plans: readonly ChangingPlan[]): void {
    const { riding, others } = partedByRider(plans.flatMap(itemsOf));
    for (const item of riding) item.reject(new NotAboard());
    this.tryAgain(others);
  }

  /** @returns null: there is no usable answer, and everybody was told what that means */
  private async report(
    plans: readonly ChangingPlan[],
    write: () => Promise<WriteReport>,
    ride?: Ride,
  ): Promise<WriteReport | null> {
    try {
      return await answered(write(), COMMAND_MS);
    } catch (error) {
      ride?.failed(error);
      if (classifyFailure(error) === 'indeterminate') await this.settle(plans, 'unknown');
      else this.leftovers.separate(plans.flatMap(itemsOf), refusal(error));
      return null;
    }
  }

  private async sort(plans: readonly ChangingPlan[], report: WriteReport): Promise<void> {
    if (report.isConcernFailed) return this.settle(plans, 'unknown');
    if (report.errors.size === 0 && report.matched === plans.length) return this.took(plans);
    await this.sortOut(plans, report);
  }

  /** Some statements did not take effect. */
  private async sortOut(plans: readonly ChangingPlan[], report: WriteReport): Promise<void> {
    const kindOf = (index: number) => {
      const code = report.errors.get(index);
      return code === undefined ? 'run' : classifyFailure({ code });
    };
    const of = (kind: string): ChangingPlan[] => plans.filter((_, index) => kindOf(index) === kind);
    const run = of('run');
    if (report.matched === run.length) this.took(run);
    for (const plan of of('refused'))
      this.leftovers.separate(itemsOf(plan), refusal({ code: report.errors.get(plans.indexOf(plan)) }));
    for (const plan of of('collision')) {
      this.memory.drop(plan.slotId);
      this.tryAgain(itemsOf(plan));
    }
    await this.settle(of('indeterminate'), 'unknown');
    if (report.matched !== run.length) await this.settle(run, 'lost');
  }

  private took(plans: readonly ChangingPlan[]): void {
    for (const plan of plans) {
      this.memory.put(plan.change.written);
      this.tell(plan.change.written);
      answer(plan);
    }
  }

  private tell(slot: Slot): void {
    for (const listener of this.listeners) listener(slot);
  }

  /**
   * One majority read of those slots, on which everything is decided again. Of what may still land only the presence
   * counts.
   */
  private async settle(plans: readonly ChangingPlan[], absent: Absent): Promise<void> {
    if (plans.length === 0) return;
    for (const { slotId } of plans) this.memory.drop(slotId);
    const read = await this.read(plans.map(({ slotId }) => slotId)).catch(() => null);
    if (!read) return rejectAll(plans, unknownOutcome());
    const byId = new Map(read.slots.map((slot) => [slot._id, slot]));
    for (const plan of plans) this.settleOne(plan, byId.get(plan.slotId) ?? null, read.now, absent);
  }

  private settleOne(plan: ChangingPlan, slot: Slot | null, now: Date, absent: Absent): void {
    const others: Waiting[] = [];
    for (const decided of plan.decided) {
      const told = answerBy(slot, decided, now, absent);
      if (told) decided.item.resolve(told);
      else others.push(decided.item);
    }
    if (slot && absent === 'lost') this.memory.put(slot);
    if (slot && others.length < plan.decided.length) this.tell(slot);
    if (absent === 'lost') this.tryAgain(others);
    else for (const item of others) item.reject(unknownOutcome());
  }

  private tryAgain(items: readonly Waiting[]): void {
    if (items.length > 0) this.leftovers.tryAgain(items);
  }
}

const itemsOf = ({ decided }: Plan): Waiting[] => decided.map(({ item }) => item);
