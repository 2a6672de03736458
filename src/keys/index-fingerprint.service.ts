import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { Connection } from 'mongoose';
import { SecretSettings } from '../../config/settings';
import { ExitCode, StartupError } from '../database/startup-error';
import { IndexFingerprintRepository } from './index-fingerprint.repository';
import { KeyRing } from './key-ring.service';

/** For whoever only wants to look: which index key the database was filled with; null: none yet. */
export function storedFingerprint(connection: Connection): Promise<string | null> {
  return new IndexFingerprintRepository(connection).stored();
}

/**
 * Refuses to start with another index key than the one the database was filled with: every slot, lock and send
 * window would silently be out of reach, and every recipient would start from zero.
 */
@Injectable()
export class IndexFingerprintCheck implements OnModuleInit {
  constructor(
    private readonly keys: KeyRing,
    private readonly repository: IndexFingerprintRepository,
    @Inject(SecretSettings) private readonly settings: SecretSettings,
  ) {}

  async onModuleInit(): Promise<void> {
    const own = this.keys.indexFingerprint();
    if ((await this.repository.claim(own)) === own) return;
    throw new StartupError(
      `SECRETS_FILE (${this.settings.secretsFile}): its index key is not the one this database was filled with. ` +
        'Bring back the secrets file that belongs to this database, or use an empty database.',
      ExitCode.wrongSetting,
    );
  }
}
