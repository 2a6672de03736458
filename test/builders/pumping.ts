import { decide, type Verdict } from '../../src/limits/pumping/decide';
import { fold, type EntryKind } from '../../src/limits/pumping/fold';
import { blockOf } from '../../src/limits/pumping/prefixes';
import type { BlockChange } from '../../src/limits/pumping/pumping-state';
import { PumpingState } from '../../src/limits/pumping/pumping-state';
import type { Capacity } from '../../src/limits/pumping/rules';

/** A number of a test, and who texts it. */
export interface Texted {
  readonly to: string;
  readonly country?: string;
  readonly applicationId?: string;
}

/** The guard with a clock of its own, as a single process would run it. */
export class PumpingWorld {
  now = 1_700_000_000_000;
  readonly changes: BlockChange[] = [];
  readonly state: PumpingState;

  constructor(capacity?: Capacity) {
    this.state = new PumpingState(capacity);
  }

  asks(texted: Texted): Verdict {
    return decide(this.state, pathOf(texted), this.now, () => 0);
  }

  folds(kind: EntryKind, texted: Texted): void {
    this.changes.push(...fold(this.state, { kind, ...pathOf(texted), at: this.now }));
  }

  /** Whether the guard let it out. */
  sends(texted: Texted): boolean {
    const isAllowed = this.asks(texted).outcome === 'allowed';
    if (isAllowed) this.folds('send', texted);
    return isAllowed;
  }

  /** People at many numbers of a country who type their codes, so that it is known. */
  isUsedTo(country: string, numbers: readonly string[], conversion = 1): void {
    numbers.forEach((to, i) => {
      this.folds('send', { to, country });
      this.now += 30_000;
      if (Math.floor((i + 1) * conversion) > Math.floor(i * conversion))
        this.folds('conversion', { to, country });
    });
  }
}

function pathOf({ to, country = 'ES', applicationId = 'shop' }: Texted) {
  return { block: blockOf(to), country, applicationId, recipient: Number(to.slice(1)) };
}

/** Numbers of one operator range, each in a 10k block of its own until there are no more. */
export function scattered(count: number, range = '+34611'): string[] {
  return Array.from(
    { length: count },
    (_, i) => `${range}${String((i * 37) % 100).padStart(2, '0')}${1000 + i}`,
  );
}
