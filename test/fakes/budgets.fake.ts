import type { AllotAnswer, BudgetsRepository } from '../../src/limits/money/budgets.repository';
import type { Cap } from '../../src/limits/money/caps';

/** How a command ends: as it should, unheard (it took effect, and its answer is lost), or not at all. */
export type CommandFate = 'answered' | 'unheard' | 'lost';

interface Waiting {
  readonly run: (fate: CommandFate) => void;
}

type Commands = Pick<BudgetsRepository, 'now' | 'allottedMicros' | 'allot' | 'giveBack' | 'book'>;

/** The caps' documents in memory, for any number of processes. Held back, commands run in whatever order is chosen. */
export class FakeBudgets implements Commands {
  readonly stored = new Map<string, number>();
  readonly waiting: Waiting[] = [];
  /** The database's time. */
  time = Date.UTC(2026, 10, 27, 12);
  /** What was written down beyond grants. */
  booked = 0;

  constructor(private readonly isHeldBack = false) {}

  now(): Promise<Date> {
    return this.command(() => new Date(this.time));
  }

  allottedMicros(capId: string): Promise<number> {
    return this.command(() => this.stored.get(capId) ?? 0);
  }

  allot({ id, limitMicros }: Cap, micros: number): Promise<AllotAnswer> {
    return this.command(() => {
      const allotted = this.stored.get(id) ?? 0;
      if (allotted > limitMicros - micros) return 'no-room';
      this.stored.set(id, allotted + micros);
      return 'allotted';
    });
  }

  giveBack(capId: string, micros: number): Promise<void> {
    return this.command(() => {
      const allotted = this.stored.get(capId) ?? 0;
      if (allotted >= micros) this.stored.set(capId, allotted - micros);
    });
  }

  book(capId: string, micros: number): Promise<void> {
    return this.command(() => {
      const allotted = this.stored.get(capId);
      if (allotted === undefined) return;
      this.stored.set(capId, allotted + micros);
      this.booked += micros;
    });
  }

  get asService(): BudgetsRepository {
    return this as unknown as BudgetsRepository;
  }

  private command<Answer>(effect: () => Answer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const run = (fate: CommandFate) => {
        const answer = fate === 'lost' ? undefined : effect();
        if (fate === 'answered') resolve(answer as Answer);
        else reject(Object.assign(new Error('no answer'), { name: 'MongoNetworkError' }));
      };
      if (this.isHeldBack) this.waiting.push({ run });
      else run('answered');
    });
  }
}
