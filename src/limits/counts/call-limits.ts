/** The limits that hold for a call, each with the window that it is counted in. */
import { clientIpOf } from '../client-ip';
import type { SendCall } from '../gate';
import type { LimitOnCall } from './counting';
import type { Fingerprints } from './fingerprints';
import { limitsOf, type CountSettings, type NamedLimit } from './limit';
import { keyFields, type Subject } from './subjects';

/** What limits look at. */
export type CountedCall = Pick<SendCall, 'applicationId' | 'number' | 'country' | 'clientIp' | 'deviceId'> & {
  readonly settings: CountSettings;
};

/** A limit, ready to be applied to many calls. */
interface Prepared {
  readonly limit: NamedLimit;
  /** The same for limits that count by the same. */
  readonly subjects: string;
  /** There are few of what it counts by. */
  readonly isCoarse: boolean;
}

const COARSE = new Set<string>(['operator', 'country', 'application', 'installation']);

export class CallLimits {
  /** By settings: they are the same object until an application is read again. */
  private readonly prepared = new WeakMap<object, readonly Prepared[]>();

  constructor(private readonly fingerprints: Fingerprints) {}

  on({ settings, ...call }: CountedCall): LimitOnCall[] {
    const subject: Subject = { ...call, address: clientIpOf(call.clientIp) };
    const keys = new Map<string, number | null>();
    const found: LimitOnCall[] = [];
    for (const { limit, subjects, isCoarse } of this.limitsFor(settings)) {
      if (limit.countries && !limit.countries.includes(call.country ?? '')) continue;
      let key = keys.get(subjects);
      if (key === undefined) {
        key = this.keyOf(subject, limit, isCoarse);
        keys.set(subjects, key);
      }
      found.push({ limit, cell: key === null ? null : { key, windowSeconds: limit.windowSeconds } });
    }
    return found;
  }

  private keyOf(subject: Subject, { by }: NamedLimit, isCoarse: boolean): number | null {
    const fields = keyFields(subject, by);
    return fields && (isCoarse ? this.fingerprints.remembered(fields) : this.fingerprints.of(fields));
  }

  private limitsFor(settings: CountSettings): readonly Prepared[] {
    const known = this.prepared.get(settings);
    if (known) return known;
    const prepared = limitsOf(settings).map((limit) => ({
      limit,
      subjects: [...limit.by].sort().join(' '),
      isCoarse: limit.by.every((subject) => COARSE.has(subject)),
    }));
    this.prepared.set(settings, prepared);
    return prepared;
  }
}
