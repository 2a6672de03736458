/** One instance of the app as far as limits are concerned, on the real database. A test may script its next appends. */
import type { mongo } from 'mongoose';
import { CountsService } from '../../src/limits/counts/counts.service';
import type { LimitChange } from '../../src/limits/counts/limit';
import type { SendCall } from '../../src/limits/gate';
import { LimitLogRepository, type News, type Position } from '../../src/limits/log/limit-log.repository';
import { LimitLog } from '../../src/limits/log/limit-log.service';
import { aKeyRing } from '../builders/key-ring';
import { noLimits } from '../builders/limits';

type Append = () => Promise<News | null>;
/** What becomes of one append; `append` is the real one. */
export type AppendScript = (append: Append) => Promise<News | null>;

class WatchedLog extends LimitLogRepository {
  readonly scripts: AppendScript[] = [];
  appends = 0;

  override append(position: Position, entry: Buffer, until: Date): Promise<News | null> {
    this.appends += 1;
    const append = (): Promise<News | null> => super.append(position, entry, until);
    const script = this.scripts.shift();
    return script ? script(append) : append();
  }
}

const started: LimitLog[] = [];

/** Ends what instances of this file do in the background. */
export async function stopInstances(): Promise<void> {
  for (const log of started.splice(0)) await log.beforeApplicationShutdown();
}

export async function limitsInstance(db: mongo.Db) {
  const store = new WatchedLog(db);
  const skew = { ms: 0 };
  const clock = { monotonic: () => performance.now() + skew.ms };
  const log = new LimitLog(store, clock);
  const counts = new CountsService(log, aKeyRing(), clock);
  await log.onApplicationBootstrap();
  started.push(log);
  return { store, log, counts, skew };
}

/** Of these limits alone. */
export const onlyLimits = (limits: Readonly<Record<string, LimitChange>>): SendCall['settings'] => ({
  limits: { ...noLimits, ...limits },
});

export function aSend(change: Partial<SendCall> = {}): SendCall {
  return {
    applicationId: 'app',
    purpose: 'default',
    kind: 'create',
    number: '+34600123456',
    country: 'ES',
    channel: 'sms',
    clientIp: null,
    deviceId: null,
    challenge: null,
    settings: onlyLimits({ number: { disabled: false } }),
    ...change,
  };
}
