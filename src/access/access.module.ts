import { Module } from '@nestjs/common';
import { SecretSettings } from '../../config/settings';
import { AdminKey } from './credentials/admin-key';

/**
 * What access needs nobody else for. Its service and guards stand on two ports that are fulfilled above:
 * `CredentialsService` is made in `applications`, the guards in `app.module.ts`.
 */
@Module({
  providers: [
    {
      provide: AdminKey,
      inject: [SecretSettings],
      useFactory: ({ adminKey }: SecretSettings) => new AdminKey(adminKey),
    },
  ],
  exports: [AdminKey],
})
export class AccessModule {}
