import 'reflect-metadata';
import type { Settings } from '../config/settings';
import { readSettings } from '../config/config.module';
import { SettingsError } from '../config/settings-error';
import { AppModule } from './app.module';
import { createApp } from './app.setup';
import { ACCEPT_QUEUE } from './common/http/connections/limits';
import { createLogger } from './common/logging/logger';
import { type RunningDatabase, startDatabase } from './database/database';
import { ExitCode, StartupError } from './database/startup-error';
import { withGeneratedSecrets } from './keys/first-start.service';
import { checkSecretsFile } from './keys/secrets-file.service';
import { exitOnSignal, runUntilSignal } from './shutdown';
import { builtInExtensions } from './plugins/extensions';
import { welcome } from './welcome';

const started = exitOnSignal(process);

/** Settings, keys, database, application: each step refuses with a message and an exit code of its own. */
async function start(): Promise<void> {
  const { gateways, riskChecks } = builtInExtensions;
  const settings = await withGeneratedSecrets(
    readSettings(gateways, '.env', { riskChecks, checkSecretsFile }),
  );
  for (const warning of settings.warnings) process.stderr.write(`Warning: ${warning}\n`);
  const database = await startDatabase(settings.mongo, (line) => process.stderr.write(`${line}\n`));
  try {
    await serve(settings, database);
  } catch (error) {
    await database.stop();
    throw error;
  }
}

async function serve(settings: Settings, database: RunningDatabase): Promise<void> {
  const { server } = settings;
  const logger = createLogger(server.logLevel);
  const app = await createApp(AppModule.forRoot(settings, database, builtInExtensions), {
    settings: server,
    logger,
  });
  await app
    .listen({ port: server.port, host: server.host, backlog: ACCEPT_QUEUE })
    .catch(async (error: unknown) => {
      // The jobs run already; they would complain about a database that goes away under them.
      await app.close();
      throw cannotListen(error as NodeJS.ErrnoException, server.port);
    });
  runUntilSignal(app, logger, process);
  started();
  // The terminal of a developer, never the log: it shows the keys.
  if (server.environment === 'development') process.stdout.write(welcome(settings));
  logger.info({ url: server.publicUrl, environment: server.environment }, 'ready');
}

function cannotListen(error: NodeJS.ErrnoException, port: number): Error {
  if (error.code !== 'EADDRINUSE' && error.code !== 'EACCES') return error;
  const why = error.code === 'EACCES' ? 'may not be opened' : 'is taken';
  return new StartupError(`Port ${port} ${why}. Set PORT to another one.`, ExitCode.wrongSetting);
}

start().catch((error: unknown) => {
  const known = error instanceof StartupError || error instanceof SettingsError;
  // A known reason is shown plainly; anything else is a fault of ours and shows where.
  process.stderr.write(`${known ? error.message : String((error as Error).stack ?? error)}\n`);
  process.exit(error instanceof StartupError ? error.exitCode : known ? ExitCode.wrongSetting : 1);
});
