/**
 * Some processes that spend one cap, on a database whose commands are answered late, in any order, twice or never. The
 * rules, the purses and the service are the real ones; here is what is counted, and what must hold.
 */
import type { Budget } from '../../src/limits/money/caps';
import { MoneyService } from '../../src/limits/money/money.service';
import type { Payment } from '../../src/limits/money/payment';
import { settled } from '../../src/otp/slots/rules/delivery/settlement';
import type { DeliveryRecord } from '../../src/otp/slots/slot';
import { aDelivery, anAttempt } from '../builders/slot-state.builder';
import { FakeBudgets, type CommandFate } from '../fakes/budgets.fake';

export type MoneyStep =
  | { readonly do: 'charge'; readonly process: number; readonly parts: number }
  | { readonly do: 'database'; readonly which: number; readonly fate: CommandFate }
  /** The gateway refused, or somebody says so twice. */
  | { readonly do: 'refused'; readonly which: number }
  /** The gateway says at once what its call costs. */
  | { readonly do: 'costs'; readonly which: number; readonly percent: number }
  /** A price is reported to two processes at once. */
  | { readonly do: 'report'; readonly which: number; readonly process: number; readonly percent: number }
  | { readonly do: 'kill' | 'tidy'; readonly process: number }
  | { readonly do: 'limit'; readonly micros: number }
  | { readonly do: 'pass'; readonly ms: number };

export interface MoneyTrace {
  readonly processes: number;
  readonly limitMicros: number;
  readonly steps: readonly MoneyStep[];
}

/** A call that was made. */
interface Call {
  readonly payment: Payment;
  readonly process: MoneyService;
  /** Null: the gateway refused it for certain. */
  delivery: DeliveryRecord | null;
  readonly capId: string;
}

const EACH = 10;
const TURNS = 40;
const settings = (budgets: readonly Budget[]) => ({
  budgets,
  assumedPrice: { amountMicros: EACH, currency: 'EUR' },
});

class MoneyWorld {
  readonly budgets = new FakeBudgets(true);
  readonly calls: Call[] = [];
  /** By cap. */
  readonly spent = new Map<string, number>();
  readonly refusals: string[] = [];
  /** By how much calls were dearer than anybody knew. */
  private dearerMicros = 0;
  /** Debts that died with their process before they were booked. */
  private forgottenMicros = 0;
  private monotonic = 0;
  private highestMicros: number;
  private readonly processes: MoneyService[];

  constructor(
    processes: number,
    private limitMicros: number,
  ) {
    this.highestMicros = limitMicros;
    this.processes = Array.from({ length: processes }, () => this.start());
  }

  async step(step: MoneyStep): Promise<void> {
    this.run(step);
    // Longer than any chain of promises here; a turn of the event loop would cost ten times as much.
    for (let turn = 0; turn < TURNS; turn += 1) await Promise.resolve();
  }

  /** Everything that waits is answered, until nothing does. */
  async calm(): Promise<void> {
    while (this.budgets.waiting.length > 0) await this.step({ do: 'database', which: 0, fate: 'answered' });
  }

  /** What must hold at every moment; null: it does. */
  broken(): string | null {
    for (const [capId, spent] of this.spent) {
      const allotted = this.budgets.stored.get(capId) ?? 0;
      const inHands = this.processes.reduce((sum, one) => sum + handOf(one, capId), 0);
      if (spent + inHands > allotted + this.forgottenMicros)
        return `${spent} spent and ${inHands} in hand of ${allotted} allotted`;
      if (allotted > this.highestMicros + this.budgets.booked) return `${allotted} allotted`;
      if (spent > this.highestMicros + this.dearerMicros) return `${spent} spent`;
    }
    return null;
  }

  private start(): MoneyService {
    const clock = { monotonic: () => this.monotonic };
    return new MoneyService(this.budgets.asService, { append: () => Promise.resolve() }, clock);
  }

  private run(step: MoneyStep): void {
    switch (step.do) {
      case 'charge':
        return this.charge(step.process, step.parts);
      case 'database':
        return this.answer(step.which, step.fate);
      case 'refused':
        return this.refuse(step.which);
      case 'costs':
        return this.priceAtOnce(step.which, step.percent);
      case 'report':
        return this.report(step.which, step.process, step.percent);
      case 'kill':
        return this.kill(step.process % this.processes.length);
      case 'tidy':
        return void this.at(step.process).tidy(0);
      case 'limit':
        this.limitMicros = step.micros;
        this.highestMicros = Math.max(this.highestMicros, step.micros);
        return;
      case 'pass':
        this.monotonic += Math.abs(step.ms);
        this.budgets.time += step.ms;
    }
  }

  private kill(index: number): void {
    for (const capId of this.spent.keys())
      this.forgottenMicros += Math.max(0, -handOf(this.at(index), capId));
    this.processes[index] = this.start();
  }

  private at(index: number): MoneyService {
    return this.processes[index % this.processes.length]!;
  }

  private charge(index: number, parts: number): void {
    const process = this.at(index);
    const limit = { amountMicros: this.limitMicros, currency: 'EUR' };
    const bill = {
      applicationId: 'app',
      country: 'ES',
      settings: settings([{ period: 'day', limit }]),
      cost: () => ({ parts, prices: [] }),
    };
    void Promise.resolve(process.charge(bill)).then(
      (paid) => {
        // A process that was killed meanwhile calls nobody.
        if (!this.processes.includes(process)) return;
        if ('refusedBy' in paid) this.refusals.push(paid.refusedBy.cap.id);
        else this.call(paid, process);
      },
      () => undefined,
    );
  }

  private call(payment: Payment, process: MoneyService): void {
    const capId = payment.caps[0]!.id;
    this.add(capId, payment.micros);
    this.calls.push({ payment, process, delivery: aDelivery(), capId });
  }

  private answer(which: number, fate: CommandFate): void {
    const { waiting } = this.budgets;
    waiting.splice(which % Math.max(1, waiting.length), 1)[0]?.run(fate);
  }

  private refuse(which: number): void {
    const call = this.callAt(which);
    if (!call || !this.isAlive(call)) return;
    const isOpen = this.isUndecided(call);
    if (isOpen) this.add(call.capId, -call.payment.micros);
    if (isOpen) call.delivery = null;
    // What comes a second time changes nothing, and neither does it after the call has stood.
    call.payment.giveBack();
  }

  private priceAtOnce(which: number, percent: number): void {
    const call = this.callAt(which);
    if (!call?.delivery || !this.isUndecided(call)) return;
    const micros = Math.floor((call.payment.micros * percent) / 100);
    this.change(call, micros - call.payment.micros);
    call.delivery = withCall(call.delivery, { charge: call.payment.costs({ micros, currency: 'EUR' })! });
  }

  private report(which: number, index: number, percent: number): void {
    const call = this.callAt(which);
    if (!call?.delivery) return;
    const charge = call.payment.stands()!;
    const written = call.delivery.attempts.length > 0 ? call.delivery : withCall(call.delivery, { charge });
    const price = { micros: Math.floor((charge.micros * percent) / 100), currency: 'EUR' };
    const priced = withCall(written, { charge, price });
    // Two processes hear of it; the slot lets one of them write, and tells the other that nothing is new.
    const [mine, late] = [settled(written, priced), settled(priced, priced)];
    for (const { charge: was, costMicros } of mine.settlements ?? [])
      this.change(call, costMicros - was.micros);
    call.delivery = priced;
    this.at(index).settle('app', mine.settlements);
    this.at(index + 1).settle('app', late.settlements);
  }

  private callAt(which: number): Call | undefined {
    return this.calls[which % Math.max(1, this.calls.length)];
  }

  /** Nobody hears the answer of a gateway whose caller was killed. */
  private isAlive({ process }: Call): boolean {
    return this.processes.includes(process);
  }

  private isUndecided(call: Call): boolean {
    return call.delivery?.attempts.length === 0 && this.isAlive(call);
  }

  /** A call has cost another amount than was known. */
  private change(call: Call, micros: number): void {
    this.add(call.capId, micros);
    this.dearerMicros += Math.max(0, micros);
  }

  private add(capId: string, micros: number): void {
    this.spent.set(capId, (this.spent.get(capId) ?? 0) + micros);
  }
}

const withCall = (delivery: DeliveryRecord, change: Parameters<typeof anAttempt>[0]): DeliveryRecord => ({
  ...delivery,
  attempts: [anAttempt(change)],
});

/** The purses are nobody else's business, but here everything is counted. */
function handOf(process: MoneyService, capId: string): number {
  const { purses } = process as unknown as { purses: ReadonlyMap<string, { readonly inHand: number }> };
  return purses.get(capId)?.inHand ?? 0;
}

/** @returns what broke, after which step; null: nothing */
export async function runTrace({ processes, limitMicros, steps }: MoneyTrace): Promise<string | null> {
  const world = new MoneyWorld(processes, limitMicros);
  for (const [index, step] of steps.entries()) {
    await world.step(step);
    const broken = world.broken();
    if (broken) return `${broken}, after step ${index}`;
  }
  await world.calm();
  return world.broken();
}
