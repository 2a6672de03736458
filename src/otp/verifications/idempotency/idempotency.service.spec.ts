import { DomainError } from '../../../common/errors';
import type { KeyRing } from '../../../keys/key-ring.service';
import type { Claim, IdempotencyRecord, Run } from './idempotency';
import type { IdempotencyRepository } from './idempotency.repository';
import { IdempotencyService } from './idempotency.service';

const keys = { digest: (...fields: string[]) => Buffer.from(fields.join('/')) } as unknown as KeyRing;

const call = {
  applicationId: 'app',
  route: 'create' as const,
  target: '',
  key: 'key',
  request: {},
  newIds: { opId: 'op', verificationId: 'verification' },
};
const run: Run = {
  kind: 'run',
  recordId: 'record',
  attempt: 'mine',
  opId: 'op',
  verificationId: 'verification',
};

/** A database that answers when it is told to. */
class SlowRecords {
  readonly suspended: string[] = [];
  answer: () => void = () => undefined;

  claim(id: string, claim: Claim): Promise<IdempotencyRecord> {
    const record: IdempotencyRecord = {
      _id: id,
      ...claim,
      state: 'running',
      takenAt: new Date(0),
      expiresAt: new Date(1),
      response: null,
    };
    return new Promise((resolve) => {
      this.answer = () => resolve(record);
    });
  }

  suspend(_id: string, attempt: string): Promise<boolean> {
    this.suspended.push(attempt);
    return Promise.resolve(true);
  }

  finish(): Promise<boolean> {
    return new Promise(() => undefined);
  }

  remove(): Promise<boolean> {
    return Promise.reject(new Error('connection lost'));
  }
}

describe('with a database that does not answer', () => {
  let records: SlowRecords;
  let service: IdempotencyService;

  beforeEach(() => {
    jest.useFakeTimers();
    records = new SlowRecords();
    service = new IdempotencyService(records as unknown as IdempotencyRepository, keys);
  });
  afterEach(() => jest.useRealTimers());

  it('a call is refused with 503 after 1.5 s, and what it may still get is handed on', async () => {
    const begun = service.begin(call).catch((error: unknown) => error);
    await jest.advanceTimersByTimeAsync(1_500);
    expect(await begun).toBeInstanceOf(DomainError);
    expect(await begun).toMatchObject({ code: 'unavailable', details: { retryAfterSeconds: 1 } });
    expect(records.suspended).toEqual([]);
    records.answer();
    await jest.advanceTimersByTimeAsync(0);
    expect(records.suspended).toHaveLength(1);
  });

  it('an answer given in time leaves no timer behind', async () => {
    const begun = service.begin(call);
    records.answer();
    expect(await begun).toMatchObject({ kind: 'run', opId: 'op' });
    expect(jest.getTimerCount()).toBe(0);
  });

  it('a true answer is not held up, nor turned into an error', async () => {
    const finished = service.finish(run, { outcome: 'started', verificationId: 'verification' });
    await jest.advanceTimersByTimeAsync(1_500);
    expect(await finished).toBe(false);
    expect(await service.release(run)).toBe(false);
  });
});
