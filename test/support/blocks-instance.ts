import mongoose from 'mongoose';
import type { SendCall } from '../../src/limits/gate';
import { AuditRepository } from '../../src/audit/audit.repository';
import { AUDIT_EVENTS, type AuditEventDocument } from '../../src/audit/audit.schema';
import { AuditService } from '../../src/audit/audit.service';
import { systemClock } from '../../src/common/clock';
import { blockEndsJob } from '../../src/limits/blocks/store/block-ends.job';
import { BlockChanges } from '../../src/limits/blocks/store/block-changes.service';
import { BLOCKS, blockSchema } from '../../src/limits/blocks/store/block.schema';
import { createBlockBody } from '../../src/limits/blocks/blocks.dto';
import { BlocksGate } from '../../src/limits/blocks/blocks.gate';
import { BlocksRepository } from '../../src/limits/blocks/store/blocks.repository';
import { BlocksService } from '../../src/limits/blocks/blocks.service';
import { BlockLists } from '../../src/limits/blocks/memory/block-lists.service';
import { PhoneService } from '../../src/phone/phone.service';
import { aKeyRing } from '../builders/key-ring';
import { aSend } from './limits-instance';

export type BlocksInstance = Awaited<ReturnType<typeof startBlocks>>;

/** One instance of the block lists, as one process would have it, without Nest and without its poll. */
export async function startBlocks(uri: string) {
  const connection = await mongoose.createConnection(uri, { autoIndex: false, w: 'majority' }).asPromise();
  await connection.model(BLOCKS, blockSchema).createIndexes();
  /** `skewMs` is added to its monotonic clock, `wrongByMs` to its wall clock. */
  const time = { skewMs: 0, wrongByMs: 0 };
  const clock = {
    monotonic: () => systemClock.monotonic() + time.skewMs,
    now: () => systemClock.now() + time.wrongByMs,
  };
  const repository = new BlocksRepository(connection);
  const lists = new BlockLists(repository, clock);
  const audit = new AuditService(new AuditRepository(connection), systemClock);
  const changes = new BlockChanges(connection, repository, lists, audit, clock);
  const keys = aKeyRing();
  const blocks = new BlocksService(
    changes,
    repository,
    new PhoneService({ defaultCountry: null }, clock),
    keys,
    clock,
  );
  const gate = new BlocksGate(lists, keys);
  return {
    time,
    lists,
    repository,
    endsJob: blockEndsJob(repository, audit, clock),
    keys,
    blocks,
    /** As `POST /v1/blocks` of the application. */
    add: (applicationId: string, body: object) =>
      blocks.create(
        { applicationId, actor: 'key:k' },
        createBlockBody.parse({ list: 'block', reason: 'test', ...body }),
      ),
    passage: (applicationId: string, call: Partial<SendCall> = {}) =>
      gate.enter(aSendCall({ applicationId, ...call })),
    /** Code of the refusal; null: it may be sent. */
    async answer(applicationId: string, call: Partial<SendCall> = {}): Promise<string | null> {
      return (await gate.enter(aSendCall({ applicationId, ...call }))).refusal?.code ?? null;
    },
    /** Of one application, the oldest first. */
    events: (applicationId: string) =>
      connection
        .collection<AuditEventDocument>(AUDIT_EVENTS)
        .find({ applicationId })
        .sort({ pos: 1 })
        .toArray(),
    stop: async () => {
      await audit.onApplicationShutdown();
      await connection.close();
    },
  };
}

export const BLOCKED_NUMBER = '+34600123456';

const aSendCall = (change: Partial<SendCall>): SendCall =>
  aSend({ number: BLOCKED_NUMBER, clientIp: '192.0.2.7', deviceId: 'phone-1', ...change });
