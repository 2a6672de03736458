import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../../common/clock';
import { KeyRing } from '../../keys/key-ring.service';
import type { Confirmation, RuleDecision, SendCall } from '../gate';
import { LimitLog } from '../log/limit-log.service';
import { CallLimits } from './call-limits';
import { decide, refusalBy, type LimitOnCall } from './counting';
import { Fingerprints } from './fingerprints';
import type { CountSettings } from './limit';
import { WindowLedger, type Charged, type Reserved } from './window-ledger';
import type { Cell } from './window-table';

/** What became of a charge. */
export interface Charge {
  readonly refused: RuleDecision | null;
  /** The database's time, by which it was judged. */
  readonly now: number;
  /** Gives back what was charged. */
  readonly undo: () => void;
  /** It is not on record yet: whoever writes the send sees to that. */
  readonly reserved?: Reserved<RuleDecision>;
}

/** Something that is counted and is no send. */
export interface Noted {
  /** What makes its key, the application first. */
  readonly fields: readonly string[];
  readonly windowSeconds: number;
}

const ABOUT_NUMBER = new Set<string>(['number', 'application', 'installation']);
const nothing = (): void => undefined;

/** Counts sends by the limits of their application. */
@Injectable()
export class CountsService {
  private readonly ledger: WindowLedger;
  private readonly fingerprints: Fingerprints;
  private readonly limits: CallLimits;

  constructor(
    private readonly log: LimitLog,
    @Inject(KeyRing) keys: Pick<KeyRing, 'digest'>,
    @Inject(Clock) clock: Pick<Clock, 'monotonic'>,
  ) {
    this.ledger = new WindowLedger(log);
    this.fingerprints = new Fingerprints((...fields) => keys.digest('limit', ...fields));
    this.limits = new CallLimits(this.fingerprints, clock);
  }

  /** What every limit says now. */
  async preview(call: SendCall): Promise<readonly RuleDecision[]> {
    const now = await this.log.now();
    this.log.refresh();
    return decide(this.ledger.windows, this.limits.on(call), { now, added: 0 });
  }

  /** @throws DomainError `unavailable`: whether it was charged is not known, nothing may be sent */
  async charge(call: SendCall): Promise<Charge> {
    const [cells, now, judge] = await this.judged(call);
    return chargeOf(await this.ledger.charge(cells, now, judge), now);
  }

  /** As `charge`; the charge may be only reserved. */
  async reserve(call: SendCall): Promise<Charge> {
    const [cells, now, judge] = await this.judged(call);
    const charged = await this.ledger.reserve(cells, now, judge);
    if ('refusal' in charged) return chargeOf(charged, now);
    return { refused: null, now, undo: () => charged.undo(), reserved: charged };
  }

  /** The code of a send was right: what limits do not count any more is given back. Nobody waits for it. */
  confirmed(call: SendCall, { sentAt, confirmedAt }: Confirmation): void {
    const ours = this.limits.lastOn(call).filter(({ limit }) => !limit.countConfirmed);
    const others = ours.filter((one) => !isAboutNumber(one));
    this.ledger.give('clear', cellsOf(ours.filter(isAboutNumber)), confirmedAt.getTime());
    this.ledger.give('refund', cellsOf(others), sentAt.getTime());
  }

  /** Somebody vouches for the person of this number. */
  async clear(
    number: string,
    { id, settings }: { readonly id: string; readonly settings: CountSettings },
  ): Promise<void> {
    const call = { applicationId: id, number, country: null, clientIp: null, deviceId: null, settings };
    const cells = cellsOf(this.limits.lastOn(call).filter(isAboutNumber));
    this.ledger.give('clear', cells, await this.log.now());
  }

  /** Counts something that is no send and that nobody waits for. @returns how many there are now */
  async note(noted: Noted): Promise<number> {
    const [at, cell] = [await this.log.now(), this.cellOf(noted)];
    this.ledger.add(cell, at);
    return this.ledger.windows.count(cell, at);
  }

  /** What was noted so far; `until`: when it will be fewer than `max`, if nothing is added. */
  async notes(
    noted: Noted,
    max: number,
  ): Promise<{ readonly count: number; readonly until: number; readonly now: number }> {
    const [now, cell] = [await this.log.now(), this.cellOf(noted)];
    const { windows } = this.ledger;
    return { count: windows.count(cell, now), until: windows.until(cell, max, now), now };
  }

  private async judged(
    call: SendCall,
  ): Promise<[cells: Cell[], now: number, judge: (added: 0 | 1) => RuleDecision | null]> {
    const now = await this.log.now();
    const limits = this.limits.on(call);
    return [cellsOf(limits), now, (added) => refusalBy(this.ledger.windows, limits, { now, added })];
  }

  private cellOf({ fields, windowSeconds }: Noted): Cell {
    return { key: this.fingerprints.remembered(fields), windowSeconds };
  }
}

export function chargeOf(charged: Charged<RuleDecision>, now: number): Charge {
  return { refused: charged.refusal, now, undo: charged.refusal ? nothing : charged.undo };
}

const cellsOf = (limits: readonly LimitOnCall[]): Cell[] => limits.flatMap(({ cell }) => cell ?? []);

/** It is about one person, and not about a person somewhere. */
function isAboutNumber({ limit: { by } }: LimitOnCall): boolean {
  return by.includes('number') && by.every((subject) => ABOUT_NUMBER.has(subject));
}
