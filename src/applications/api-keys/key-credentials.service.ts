import { Injectable } from '@nestjs/common';
import { credentialOf, type Credential } from '../../access/credentials/credential';
import type { CredentialSource } from '../../access/credentials/credential-source';
import { CurrentApplications } from '../current-applications.service';
import type { ApiKey } from './api-key';
import { ApiKeysRepository } from './api-keys.repository';

const MAX_TIME_MS = 2_000;

/** Keys in force joined with their applications: what access decides by. */
@Injectable()
export class KeyCredentials implements CredentialSource {
  constructor(
    private readonly keys: ApiKeysRepository,
    private readonly applications: CurrentApplications,
  ) {}

  async byDigests(digests: readonly string[]): Promise<Map<string, Credential>> {
    return this.join(await this.keys.findByDigests(digests, MAX_TIME_MS));
  }

  async byKeyIds(ids: readonly string[]): Promise<Map<string, Credential>> {
    return this.join(await this.keys.findByIds(ids, MAX_TIME_MS));
  }

  private async join(keys: readonly ApiKey[]): Promise<Map<string, Credential>> {
    const applications = await this.applications.read([
      ...new Set(keys.map(({ applicationId }) => applicationId)),
    ]);
    const found = new Map<string, Credential>();
    for (const key of keys) {
      const application = applications.get(key.applicationId);
      if (!application) continue;
      const isDisabled = () => this.applications.latest(application).settings.disabled === true;
      found.set(key.digest, credentialOf(key, isDisabled));
    }
    return found;
  }
}
