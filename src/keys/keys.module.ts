import { Module } from '@nestjs/common';
import { SecretSettings } from '../../config/settings';
import { Clock } from '../common/clock';
import { IndexFingerprintRepository } from './index-fingerprint.repository';
import { IndexFingerprintCheck } from './index-fingerprint.service';
import { KeyRing } from './key-ring.service';

/** Keys, codes' MACs and sealing. The settings must name a secrets file that exists: see `first-start.service.ts`. */
@Module({
  providers: [
    {
      provide: KeyRing,
      inject: [SecretSettings, Clock],
      useFactory: (settings: SecretSettings, clock: Clock) => KeyRing.open(settings.secretsFile, clock),
    },
    IndexFingerprintRepository,
    IndexFingerprintCheck,
  ],
  exports: [KeyRing],
})
export class KeysModule {}
