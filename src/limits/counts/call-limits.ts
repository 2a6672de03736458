/** The limits that hold for a call, each with the window that it is counted in. */
import type { Clock } from '../../common/clock';
import { Recent } from '../../common/recent';
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

/** What was found for a call. */
interface Found {
  readonly settings: object;
  readonly limits: readonly LimitOnCall[];
}

/** A send is looked at again when its code is typed in: its keys then need no second HMAC. */
const BOUNDS = { maxAgeMs: 60_000, maxEntries: 4_000 };
const COARSE = new Set<string>(['operator', 'country', 'application', 'installation']);

export class CallLimits {
  /** By settings: they are the same object until an application is read again. */
  private readonly prepared = new WeakMap<object, readonly Prepared[]>();

  private readonly recent: Recent<Found>;

  constructor(
    private readonly fingerprints: Fingerprints,
    clock: Pick<Clock, 'monotonic'>,
  ) {
    this.recent = new Recent(clock, BOUNDS);
  }

  on(call: CountedCall): readonly LimitOnCall[] {
    const name = nameOf(call);
    const known = this.known(name, call);
    if (known) return known;
    const limits = this.find(call);
    this.recent.put(name, { settings: call.settings, limits });
    return limits;
  }

  /** The same for a call that is done with: it is not remembered any longer. */
  lastOn(call: CountedCall): readonly LimitOnCall[] {
    const name = nameOf(call);
    const known = this.known(name, call);
    this.recent.drop(name);
    return known ?? this.find(call);
  }

  private known(name: string, { settings }: CountedCall): readonly LimitOnCall[] | undefined {
    const found = this.recent.get(name);
    return found?.settings === settings ? found.limits : undefined;
  }

  private find({ settings, ...call }: CountedCall): LimitOnCall[] {
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

function nameOf({ applicationId, number, country, clientIp, deviceId }: CountedCall): string {
  return JSON.stringify([applicationId, number, country, clientIp, deviceId]);
}
