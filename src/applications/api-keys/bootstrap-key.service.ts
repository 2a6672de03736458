import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import type { Connection, mongo } from 'mongoose';
import { SecretSettings } from '../../../config/settings';
import { AuditService } from '../../audit/audit.service';
import { inTransaction } from '../../common/mongo/transaction';
import { adminEvent } from '../../audit/admin-event';
import { digestOf, isSameDigest } from '../../access/credentials/key-digest';
import { scopes } from '../../access/principal';
import { ApplicationsRepository } from '../applications.repository';
import type { ApiKey } from './api-key';
import { ApiKeysRepository } from './api-keys.repository';

/** Fixed, so that several instances and later starts mean the same application and the same key. */
const DEFAULT_APPLICATION_ID = 'default';
const BOOTSTRAP_KEY_ID = 'bootstrap';

/**
 * Makes sure that the application `default` exists with the key of `BOOTSTRAP_API_KEY`. Another value takes the
 * place of the old one, which then stops to work everywhere. A key that was revoked over the API stays revoked
 * until the value changes: a restart must not open a door that somebody has shut.
 *
 * A key whose variable is gone stays valid, and every start says so. To end it would be a guess: many set the
 * variable for the first start only, and one instance with an incomplete environment would lock out everybody.
 */
@Injectable()
export class BootstrapKeyService implements OnModuleInit {
  private readonly logger = new Logger(BootstrapKeyService.name);

  constructor(
    @InjectConnection() private readonly connection: Connection,
    private readonly applications: ApplicationsRepository,
    private readonly keys: ApiKeysRepository,
    private readonly audit: AuditService,
    @Inject(SecretSettings) private readonly secrets: Pick<SecretSettings, 'bootstrapApiKey'>,
  ) {}

  async onModuleInit(): Promise<void> {
    const { bootstrapApiKey } = this.secrets;
    if (bootstrapApiKey === null) await this.warnOfLeftover();
    else await this.ensure(digestOf(bootstrapApiKey));
  }

  private async warnOfLeftover(): Promise<void> {
    const left = await this.keys.find(DEFAULT_APPLICATION_ID, BOOTSTRAP_KEY_ID);
    if (!left || left.revokedAt) return;
    this.logger.warn(
      'BOOTSTRAP_API_KEY is not set any more, and its key is still valid. To end it: ' +
        `DELETE /v1/applications/${DEFAULT_APPLICATION_ID}/keys/${BOOTSTRAP_KEY_ID} with the admin key. ` +
        'To keep it: set the variable again',
    );
  }

  /** Instances that start at once meet in the transaction: the later one starts again and finds all done. */
  private async ensure(digest: string): Promise<void> {
    await inTransaction(this.connection, async (session) => {
      await this.ensureApplication(session);
      const current = await this.keys.find(DEFAULT_APPLICATION_ID, BOOTSTRAP_KEY_ID, session);
      if (!current || !isSameDigest(current.digest, digest)) await this.replace(current, digest, session);
      else if (current.revokedAt)
        this.logger.warn('The key of BOOTSTRAP_API_KEY is revoked: set another value');
    });
  }

  private async ensureApplication(session: mongo.ClientSession): Promise<void> {
    const id = DEFAULT_APPLICATION_ID;
    const application = { id, name: 'default', settings: {}, purposes: [], createdAt: new Date() };
    const isNew = await this.applications.insertIfAbsent(application, session);
    if (isNew) await this.record('settings_changed', { changed: 'name' }, session);
  }

  private async replace(current: ApiKey | null, digest: string, session: mongo.ClientSession): Promise<void> {
    const grant = { name: 'BOOTSTRAP_API_KEY', scopes, allowedIps: [], expiresAt: null, digest };
    const owner = { id: BOOTSTRAP_KEY_ID, applicationId: DEFAULT_APPLICATION_ID };
    await this.keys.put({ ...grant, ...owner, createdAt: new Date(), revokedAt: null }, session);
    const data = { keyId: BOOTSTRAP_KEY_ID };
    if (current && !current.revokedAt) await this.record('key_revoked', data, session);
    await this.record('key_created', data, session);
  }

  private async record(
    type: Parameters<typeof adminEvent>[0],
    data: Parameters<typeof adminEvent>[2],
    session: mongo.ClientSession,
  ): Promise<void> {
    await this.audit.record(adminEvent(type, DEFAULT_APPLICATION_ID, data, 'job:bootstrap'), session);
  }
}
