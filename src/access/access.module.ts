import { Module, type OnModuleInit } from '@nestjs/common';
import { SecretSettings } from '../../config/settings';
import { ImportAdmission } from '../common/http/body/import-body';
import { bearerToken } from './bearer';
import { AdminKey } from './credentials/admin-key';
import { digestOf } from './credentials/key-digest';

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
export class AccessModule implements OnModuleInit {
  constructor(
    private readonly adminKey: AdminKey,
    private readonly imports: ImportAdmission,
  ) {}

  /** Imports are the operator's, whose key is known without a look-up; everybody else's body is not even read. */
  onModuleInit(): void {
    this.imports.useCheck((authorization) => {
      const token = bearerToken(authorization);
      return token !== null && this.adminKey.matches(digestOf(token));
    });
  }
}
