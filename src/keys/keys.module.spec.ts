import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Test } from '@nestjs/testing';
import { ConfigModule } from '../../config/config.module';
import { loadSettings } from '../../config/load-settings';
import { someGateways } from '../../test/builders/gateways';
import { CommonModule } from '../common/common.module';
import { withGeneratedSecrets } from './first-start.service';
import { IndexFingerprintRepository } from './index-fingerprint.repository';
import { KeyRing } from './key-ring.service';
import { KeysModule } from './keys.module';

describe('KeysModule', () => {
  it('opens the key ring of the settings and claims the database for it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'keys-'));
    const claimed: string[] = [];
    const claim = (fingerprint: string) => Promise.resolve(claimed[claimed.push(fingerprint) - 1]);
    try {
      const settings = await withGeneratedSecrets(loadSettings({ DATA_DIR: folder }, someGateways));
      const app = await Test.createTestingModule({
        imports: [ConfigModule.forRoot(settings), CommonModule, KeysModule],
      })
        .overrideProvider(IndexFingerprintRepository)
        .useValue({ claim })
        .compile();
      await app.init();
      expect(claimed).toEqual([app.get(KeyRing).indexFingerprint()]);
      await app.close();
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
