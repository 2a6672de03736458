import { noSenders } from '../builders/senders';
import mongoose, { type Connection } from 'mongoose';
import { CredentialsService } from '../../src/access/credentials/credentials.service';
import { API_KEYS, apiKeySchema, type ApiKeyDocument } from '../../src/applications/api-keys/api-key.schema';
import { ApiKeysRepository } from '../../src/applications/api-keys/api-keys.repository';
import { ApiKeysService } from '../../src/applications/api-keys/api-keys.service';
import { BootstrapKeyService } from '../../src/applications/api-keys/bootstrap-key.service';
import { KeyCredentials } from '../../src/applications/api-keys/key-credentials.service';
import {
  APPLICATIONS,
  applicationSchema,
  type ApplicationDocument,
} from '../../src/applications/application.schema';
import { ApplicationsRepository } from '../../src/applications/applications.repository';
import { ApplicationsService } from '../../src/applications/applications.service';
import { CurrentApplications } from '../../src/applications/current-applications.service';
import { AuditRepository } from '../../src/audit/audit.repository';
import { AUDIT_EVENTS, type AuditEventDocument } from '../../src/audit/audit.schema';
import { AuditService } from '../../src/audit/audit.service';
import { systemClock } from '../../src/common/clock';
import { LOGOS, logoSchema, type LogoDocument } from '../../src/applications/logo/logo.schema';
import { LogosRepository } from '../../src/applications/logo/logos.repository';
import { LogosService } from '../../src/applications/logo/logos.service';
import console from '../../src/sms/gateways/console';
import http from '../../src/sms/gateways/http';

/** One instance of the applications feature, as one process would have it, without Nest. */
export interface ApplicationsInstance {
  readonly applications: ApplicationsService;
  readonly keys: ApiKeysService;
  readonly logos: LogosService;
  readonly credentials: CredentialsService;
  readonly credentialReads: KeyCredentials;
  readonly auditRepository: AuditRepository;
  /** Of one application, the oldest first. */
  auditEvents(applicationId: string): Promise<AuditEventDocument[]>;
  /** Runs what a start with this BOOTSTRAP_API_KEY does. */
  bootstrap(key: string | null): Promise<void>;
  stop(): Promise<void>;
}

/** Starts an instance on a connection of its own. Its gateways are `console` and `http`. */
export async function startApplications(uri: string, isProduction = false): Promise<ApplicationsInstance> {
  const connection = await mongoose.createConnection(uri, { autoIndex: false, w: 'majority' }).asPromise();
  const auditRepository = new AuditRepository(connection);
  const audit = new AuditService(auditRepository, systemClock);
  const { applicationsRepository, keysRepository, logosRepository } = await repositories(connection);
  const current = new CurrentApplications(applicationsRepository, systemClock);
  const credentialReads = new KeyCredentials(keysRepository, current);
  const credentials = new CredentialsService(credentialReads, systemClock);
  const gateways = [console, http].map(({ name, channels = ['sms'] }) => ({
    name,
    channels,
    senders: noSenders,
  }));
  const home = { gateways, riskChecks: [], isProduction };
  const applications = new ApplicationsService(connection, applicationsRepository, current, audit, home);
  credentials.onApplicationBootstrap();
  return {
    applications,
    keys: new ApiKeysService(connection, applications, keysRepository, credentials, audit),
    logos: new LogosService(connection, logosRepository, applications, audit, systemClock),
    credentials,
    credentialReads,
    auditRepository,
    auditEvents: (applicationId) =>
      connection
        .collection<AuditEventDocument>(AUDIT_EVENTS)
        .find({ applicationId })
        .sort({ pos: 1 })
        .toArray(),
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
  const logos = connection.model<LogoDocument>(LOGOS, logoSchema);
  await Promise.all([applications, keys, logos].map((model) => model.createIndexes()));
  return {
    applicationsRepository: new ApplicationsRepository(applications),
    keysRepository: new ApiKeysRepository(keys),
    logosRepository: new LogosRepository(logos),
  };
}
