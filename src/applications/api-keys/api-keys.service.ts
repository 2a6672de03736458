import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import type { Connection } from 'mongoose';
import { AuditService } from '../../audit/audit.service';
import { DomainError } from '../../common/errors';
import { newId } from '../../common/ids';
import { inTransaction } from '../../common/mongo/transaction';
import { toPage, type Page } from '../../common/page-cursor';
import { Secret } from '../../common/secret';
import { CredentialsService } from '../../access/credentials/credentials.service';
import { digestOf } from '../../access/credentials/key-digest';
import { adminEvent } from '../../audit/admin-event';
import type { PageQuery } from '../applications.dto';
import { ApplicationsService } from '../applications.service';
import { newSecret, type ApiKey } from './api-key';
import type { CreateKeyBody } from './api-keys.dto';
import { ApiKeysRepository } from './api-keys.repository';

/** The keys of an application. Every change is stored together with its audit event, or not at all. */
@Injectable()
export class ApiKeysService {
  constructor(
    @InjectConnection() private readonly connection: Connection,
    private readonly applications: ApplicationsService,
    private readonly keys: ApiKeysRepository,
    private readonly credentials: CredentialsService,
    private readonly audit: AuditService,
  ) {}

  /** The secret exists in this answer only. */
  async create(applicationId: string, body: CreateKeyBody): Promise<{ key: ApiKey; secret: Secret }> {
    const secret = newSecret();
    const { name, scopes, allowedIps, expiresAt = null } = body;
    const grant = { name, scopes, allowedIps, expiresAt, digest: digestOf(secret) };
    const key = { ...grant, id: newId(), applicationId, createdAt: new Date(), revokedAt: null };
    await this.applications.get(applicationId);
    await inTransaction(this.connection, async (session) => {
      await this.keys.insert(key, session);
      await this.audit.record(adminEvent('key_created', applicationId, { keyId: key.id }), session);
    });
    return { key, secret: new Secret(secret) };
  }

  async list(applicationId: string, { limit, cursor }: PageQuery): Promise<Page<ApiKey>> {
    await this.applications.get(applicationId);
    return toPage(await this.keys.list(applicationId, limit + 1, cursor ?? null), limit);
  }

  async get(applicationId: string, id: string): Promise<ApiKey> {
    return found(await this.keys.find(applicationId, id));
  }

  /** Ends a key for good; again for one that has ended is fine and changes nothing. */
  async revoke(applicationId: string, id: string): Promise<void> {
    await inTransaction(this.connection, async (session) => {
      found(await this.keys.find(applicationId, id, session));
      const isRevoked = await this.keys.revoke(applicationId, id, new Date(), session);
      if (isRevoked) {
        await this.audit.record(adminEvent('key_revoked', applicationId, { keyId: id }), session);
      }
    });
    this.credentials.keyEnded(id);
  }
}

function found(key: ApiKey | null): ApiKey {
  if (key) return key;
  throw new DomainError('not_found', { detail: 'There is no such key.' });
}
