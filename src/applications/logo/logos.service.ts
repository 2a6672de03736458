import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import type { Connection } from 'mongoose';
import { adminEvent } from '../../audit/admin-event';
import { AuditService } from '../../audit/audit.service';
import { hashIn } from '../../brand/logo/logo-file';
import { readLogo, type Logo } from '../../brand/logo/logo';
import { Clock } from '../../common/clock';
import { DomainError } from '../../common/errors';
import { inTransaction } from '../../common/mongo/transaction';
import { invalidField } from '../../common/validation';
import { ApplicationsService } from '../applications.service';
import { LogosRepository } from './logos.repository';

/** Pages that people have open may ask for the picture that was replaced. */
const KEPT_MS = 86_400_000;

/** The pictures of applications. */
@Injectable()
export class LogosService {
  constructor(
    @InjectConnection() private readonly connection: Connection,
    private readonly logos: LogosRepository,
    private readonly applications: ApplicationsService,
    private readonly audit: AuditService,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /**
   * Stores a picture under the hash of what it became, and shows it from now on.
   * @throws DomainError `invalid_request` with what to change, `not_found`
   */
  async put(applicationId: string, bytes: Buffer): Promise<{ hash: string; logo: Logo }> {
    const read = readLogo(bytes);
    if (!read.ok) throw invalidField('body', read.problem);
    const { logo } = read;
    const hash = createHash('sha256').update(logo.png).digest('hex').slice(0, 32);
    await this.show(applicationId, hash, logo.png);
    return { hash, logo };
  }

  /** @throws DomainError `not_found` */
  remove(applicationId: string): Promise<void> {
    return this.show(applicationId, null, null);
  }

  /** @throws DomainError `not_found` */
  async read(applicationId: string, file: string): Promise<Buffer> {
    const hash = hashIn(file);
    const png = hash === null ? null : await this.logos.find(applicationId, hash);
    if (!png) throw new DomainError('not_found');
    return png;
  }

  /** In one transaction: whoever knows the hash of an application finds the picture. */
  private async show(applicationId: string, hash: string | null, png: Buffer | null): Promise<void> {
    const purgeAt = new Date(this.clock.now() + KEPT_MS);
    const application = await inTransaction(this.connection, async (session) => {
      const changed = await this.applications.changeLogo(applicationId, hash, session);
      if (hash !== null && png !== null) await this.logos.put(applicationId, hash, png, session);
      await this.logos.retire(applicationId, { except: hash, purgeAt }, session);
      await this.audit.record(adminEvent('settings_changed', applicationId, { changed: 'logo' }), session);
      return changed;
    });
    this.applications.changed(application);
  }
}
