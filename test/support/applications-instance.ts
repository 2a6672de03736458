import mongoose, { type Connection } from 'mongoose';
import { CredentialsRepository } from '../../src/access/credentials.repository';
import { CredentialsService } from '../../src/access/credentials.service';
import { API_KEYS, apiKeySchema, type ApiKeyDocument } from '../../src/applications/api-keys/api-key.schema';
import { ApiKeysRepository } from '../../src/applications/api-keys/api-keys.repository';
import { ApiKeysService } from '../../src/applications/api-keys/api-keys.service';
import { BootstrapKeyService } from '../../src/applications/api-keys/bootstrap-key.service';
import {
  APPLICATIONS,
  applicationSchema,
  type ApplicationDocument,
} from '../../src/applications/application.schema';
import { ApplicationsRepository } from '../../src/applications/applications.repository';
import { ApplicationsService } from '../../src/applications/applications.service';
import { AUDIT_INBOX, auditInboxSchema, type AuditEventDocument } from '../../src/audit/audit.schema';
import { AuditInboxRepository } from '../../src/audit/audit-inbox.repository';
import { AuditService } from '../../src/audit/audit.service';
import { systemClock } from '../../src/common/clock';
import { someRoutes } from '../builders/routes';

/** One instance of the applications feature, as one process would have it, without Nest. */
export interface ApplicationsInstance {
  readonly applications: ApplicationsService;
  readonly keys: ApiKeysService;
  readonly credentials: CredentialsService;
  readonly credentialReads: CredentialsRepository;
  readonly inbox: AuditInboxRepository;
  /** Runs what a start with this BOOTSTRAP_API_KEY does. */
  bootstrap(key: string | null): Promise<void>;
  stop(): Promise<void>;
}

/** Starts an instance on a connection of its own. Its gateways are `console` and `http`. */
export async function startApplications(uri: string): Promise<ApplicationsInstance> {
  const connection = await mongoose.createConnection(uri, { autoIndex: false, w: 'majority' }).asPromise();
  const inbox = new AuditInboxRepository(connection.model<AuditEventDocument>(AUDIT_INBOX, auditInboxSchema));
  const audit = new AuditService(inbox, systemClock);
  const { applicationsRepository, keysRepository } = await repositories(connection);
  const credentialReads = new CredentialsRepository(applicationsRepository, keysRepository);
  const credentials = new CredentialsService(credentialReads, systemClock);
  const sms = { routes: someRoutes({}), sandbox: true, providers: { console: {}, http: {} } };
  const applications = new ApplicationsService(connection, applicationsRepository, credentials, audit, sms);
  credentials.onApplicationBootstrap();
  return {
    applications,
    keys: new ApiKeysService(connection, applications, keysRepository, credentials, audit),
    credentials,
    credentialReads,
    inbox,
    bootstrap: (bootstrapApiKey) =>
      new BootstrapKeyService(connection, applicationsRepository, keysRepository, audit, {
        bootstrapApiKey,
      }).onModuleInit(),
    stop: async () => {
      credentials.onModuleDestroy();
      await connection.close();
    },
  };
}

async function repositories(connection: Connection) {
  const applications = connection.model<ApplicationDocument>(APPLICATIONS, applicationSchema);
  const keys = connection.model<ApiKeyDocument>(API_KEYS, apiKeySchema);
  await Promise.all([applications.createIndexes(), keys.createIndexes()]);
  return {
    applicationsRepository: new ApplicationsRepository(applications),
    keysRepository: new ApiKeysRepository(keys),
  };
}
