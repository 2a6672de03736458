import { Inject, Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import type { Connection, mongo } from 'mongoose';
import { AuditService } from '../audit/audit.service';
import { DomainError } from '../common/errors';
import { newId } from '../common/ids';
import { mergePatch } from '../common/merge-patch';
import { inTransaction } from '../common/mongo/transaction';
import { toPage, type Page } from '../common/page-cursor';
import { invalidRequest } from '../common/validation';
import { adminEvent } from '../audit/admin-event';
import { tooManyPurposes, type Application, type ApplicationSettings } from './application';
import {
  createApplicationBody,
  type CreateApplicationBody,
  type PageQuery,
  type PatchApplicationBody,
} from './applications.dto';
import { ApplicationsRepository } from './applications.repository';
import { CurrentApplications } from './current-applications.service';
import { Home, problemsOf } from './settings/settings-rules';

/** Applications and what they are allowed to do. */
@Injectable()
export class ApplicationsService {
  constructor(
    @InjectConnection() private readonly connection: Connection,
    private readonly applications: ApplicationsRepository,
    private readonly memory: CurrentApplications,
    private readonly audit: AuditService,
    @Inject(Home) private readonly home: Home,
  ) {}

  async create({ name, settings = {} }: CreateApplicationBody): Promise<Application> {
    const application = { id: newId(), name, settings, purposes: [], createdAt: new Date() };
    this.refuseBroken(application);
    await inTransaction(this.connection, async (session) => {
      await this.applications.insert(application, session);
      const changed = changedNames({ name, settings });
      await this.audit.record(adminEvent('settings_changed', application.id, { changed }), session);
    });
    return application;
  }

  /**
   * Sees to it that an application of ours exists as it is meant to be, with every start. It is no call of anybody: an
   * event is written for a new one alone.
   */
  async keep(id: string, { name, settings }: Pick<Application, 'name' | 'settings'>): Promise<void> {
    const application = { id, name, settings, purposes: [], createdAt: new Date() };
    await inTransaction(this.connection, async (session) => {
      if (!(await this.applications.insertIfAbsent(application, session)))
        return this.applications.replaceSettings(application, session);
      const event = adminEvent('settings_changed', id, { changed: 'name,settings' }, 'job:bootstrap');
      await this.audit.record(event, session);
    });
  }

  /**
   * Merges a change into what is there. Two changes at once both take effect: the transaction of the later one
   * starts again from what the earlier one left, so that the whole is always validated as it is stored.
   */
  async patch(id: string, patch: PatchApplicationBody): Promise<Application> {
    const changed = changedNames(patch);
    if (changed === '') return this.get(id);
    const application = await inTransaction(this.connection, async (session) => {
      const current = found(await this.applications.find(id, session));
      const next = { ...current, name: patch.name ?? current.name, settings: merged(current, patch) };
      this.refuseBroken(next);
      await this.applications.replaceSettings(next, session);
      await this.audit.record(adminEvent('settings_changed', id, { changed }), session);
      return next;
    });
    this.memory.changed(application);
    return application;
  }

  /**
   * The application of a call, at most 4 s old. Costs nothing while its keys are in use; a change made by this
   * instance is seen at once. Ask once per call and hand the answer on: two answers may differ.
   * @throws DomainError `unavailable` when the database does not say, `not_found`
   */
  async current(id: string): Promise<Application> {
    return found(await this.memory.get(id));
  }

  /** Read from the database. @throws DomainError `not_found` */
  async get(id: string): Promise<Application> {
    return found(await this.applications.find(id));
  }

  /**
   * As `current`, for work that nobody called for (receipts, follow-ups): null when there is none.
   * @throws DomainError `unavailable` when the database does not say
   */
  find(id: string): Promise<Application | null> {
    return this.memory.get(id);
  }

  async list({ limit, cursor }: PageQuery): Promise<Page<Application>> {
    return toPage(await this.applications.list(limit + 1, cursor ?? null), limit);
  }

  /**
   * Lets an application use a purpose. Costs nothing for one it has used before; a new one is written before
   * anything is done under it, so that the limit holds over all instances.
   * @throws DomainError `invalid_request` naming `purpose` when it would be one too many
   */
  async registerPurpose(application: Application, purpose: string): Promise<void> {
    if (application.purposes.includes(purpose)) return;
    const added = await this.applications.addPurpose(application.id, purpose);
    const current = added ?? found(await this.applications.find(application.id));
    this.memory.changed(current);
    if (current.purposes.includes(purpose)) return;
    throw tooManyPurposes();
  }

  /** Part of a change of the logo, in its transaction; `changed` belongs behind it. @throws DomainError `not_found` */
  async changeLogo(id: string, hash: string | null, session: mongo.ClientSession): Promise<Application> {
    return found(await this.applications.setLogo(id, hash, session));
  }

  /** Lets a change that this instance has committed take effect here at once. */
  changed(application: Application): void {
    this.memory.changed(application);
  }

  private refuseBroken(application: Application): void {
    const errors = problemsOf(application, this.home);
    if (errors.length === 0) return;
    throw new DomainError('invalid_request', { detail: 'See errors for what to change.', errors });
  }
}

function found(application: Application | null): Application {
  if (application) return application;
  throw new DomainError('not_found', { detail: 'There is no such application.' });
}

/** The settings after a change, validated as a whole: each part was, but not what an earlier release stored. */
function merged(current: Application, { settings = {} }: PatchApplicationBody): ApplicationSettings {
  const body = { settings: mergePatch({ ...current.settings }, settings) };
  const result = createApplicationBody.pick({ settings: true }).safeParse(body);
  if (result.success) return result.data.settings ?? {};
  throw invalidRequest(result.error.issues, body, 'body');
}

/** The names of what a change touches, never their values: `name,allowedCountries`. */
function changedNames({ name, settings = {} }: PatchApplicationBody): string {
  return [...(name === undefined ? [] : ['name']), ...Object.keys(settings)].join(',');
}
