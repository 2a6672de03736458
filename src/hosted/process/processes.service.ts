import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import { mongo, type Connection } from 'mongoose';
import type { AuditEvent } from '../../audit/audit-event';
import { AuditService } from '../../audit/audit.service';
import { unavailable } from '../../common/errors';
import { inTransaction } from '../../common/mongo/transaction';
import { classifyFailure } from '../../common/mongo/write-failure';
import { KeyRing } from '../../keys/key-ring.service';
import type { Process, ProcessPersonal } from './process';
import { ProcessRepository, type FoundProcess, type ProcessDocument } from './process.repository';
import { purgeAt } from './rules';

/** A process, and the database's time when it was read. */
export interface Known {
  readonly process: Process;
  readonly now: Date;
  readonly fingerprint: string;
  readonly token: string;
}

/** Nobody else works on a process for so long that a rule is met by others every time. */
const MAX_TRIES = 8;

/** Processes as rules see them: opened when they are read, sealed when they are written. */
@Injectable()
export class ProcessesService {
  constructor(
    @InjectConnection() private readonly connection: Connection,
    private readonly repository: ProcessRepository,
    private readonly keys: KeyRing,
    private readonly audit: AuditService,
  ) {}

  /** The database's time. */
  now(): Promise<Date> {
    return this.repository.now();
  }

  async byId(id: string): Promise<Known | null> {
    return this.opened(await this.repository.byId(id));
  }

  /** @param digest see `TokensService.storedToken` */
  async byToken(digest: string): Promise<Known | null> {
    return this.opened(await this.repository.byToken(digest));
  }

  /** @returns false when there is one of this id */
  async insert(known: Omit<Known, 'now'>, event: AuditEvent): Promise<boolean> {
    try {
      await inTransaction(this.connection, async (session) => {
        await this.repository.insert(this.sealed(known), session);
        await this.audit.record(event, session);
      });
      return true;
    } catch (error) {
      if (classifyFailure(error) === 'collision') return false;
      throw error;
    }
  }

  /** After a refusal at its begin: nothing is left of it but the event, since the log holds its beginning. */
  async remove(id: string, event: AuditEvent): Promise<void> {
    await inTransaction(this.connection, async (session) => {
      if (await this.repository.removeUntouched(id, session)) await this.audit.record(event, session);
    });
  }

  /**
   * Changes a process by a rule: on what was read, and again on what others have made of it meanwhile.
   * @param rule gives the process itself where there is nothing to change
   * @param event to be recorded with the change
   */
  async change(
    known: Known,
    rule: (process: Process, now: Date) => Process,
    event?: (process: Process) => AuditEvent,
  ): Promise<Known> {
    let current: Known | null = known;
    for (let tries = 0; current && tries < MAX_TRIES; tries += 1) {
      const next = rule(current.process, current.now);
      if (next === current.process) return current;
      const changed: Known = { ...current, process: next };
      if (await this.write(changed, event?.(next)))
        return { ...changed, process: { ...next, v: next.v + 1 } };
      current = await this.byId(known.process.id);
    }
    throw unavailable('Others work on this verification at the same time. Try again.');
  }

  private async write(changed: Known, event: AuditEvent | undefined): Promise<boolean> {
    const document = this.sealed(changed);
    if (!event) return this.repository.replace(document);
    return inTransaction(this.connection, async (session) => {
      if (!(await this.repository.replace(document, session))) return false;
      await this.audit.record(event, session);
      return true;
    });
  }

  private sealed({ process, token, fingerprint }: Omit<Known, 'now'>): ProcessDocument {
    const { id, personal, ...fields } = process;
    const kid = this.keys.current();
    const sealed = new mongo.Binary(this.keys.seal(kid, bindingOf(id), JSON.stringify(personal)));
    return { ...fields, _id: id, token, fingerprint, kid, sealed, purgeAt: purgeAt(process) };
  }

  private async opened(found: FoundProcess | null): Promise<Known | null> {
    if (!found) return null;
    const { document, now } = found;
    const { _id: id, token, fingerprint, kid, sealed, purgeAt: _, ...fields } = document;
    // With a key that was added a moment ago the ring is read again, at once.
    if (!this.keys.knows(kid)) await this.keys.reload();
    const text = this.keys.open(kid, bindingOf(id), sealed.value()).toString();
    const personal = JSON.parse(text) as ProcessPersonal;
    return { process: { ...fields, id, personal }, now, token, fingerprint };
  }
}

const bindingOf = (id: string) => ({ slotId: id, field: 'hosted', verificationId: id });
