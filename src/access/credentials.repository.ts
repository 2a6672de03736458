import { Injectable } from '@nestjs/common';
import { ApiKeysRepository } from '../applications/api-keys/api-keys.repository';
import type { ApiKey } from '../applications/api-keys/api-key';
import { ApplicationsRepository } from '../applications/applications.repository';
import { credentialOf, type Credential } from './credential';

const MAX_TIME_MS = 2_000;

/** Keys in force joined with their applications, by digest. Owns no collection. */
@Injectable()
export class CredentialsRepository {
  constructor(
    private readonly applications: ApplicationsRepository,
    private readonly keys: ApiKeysRepository,
  ) {}

  async byDigests(digests: readonly string[]): Promise<Map<string, Credential>> {
    return this.join(await this.keys.findByDigests(digests, MAX_TIME_MS));
  }

  async byKeyIds(ids: readonly string[]): Promise<Map<string, Credential>> {
    return this.join(await this.keys.findByIds(ids, MAX_TIME_MS));
  }

  private async join(keys: readonly ApiKey[]): Promise<Map<string, Credential>> {
    const ids = [...new Set(keys.map((key) => key.applicationId))];
    const applications = ids.length > 0 ? await this.applications.findMany(ids, MAX_TIME_MS) : [];
    const byId = new Map(applications.map((application) => [application.id, application]));
    const found = new Map<string, Credential>();
    for (const key of keys) {
      const application = byId.get(key.applicationId);
      if (application) found.set(key.digest, credentialOf(key, application));
    }
    return found;
  }
}
