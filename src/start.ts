import 'reflect-metadata';
import type { DynamicModule } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { readSettings, readVariable } from '../config/config.module';
import type { Settings } from '../config/settings';
import { SettingsError } from '../config/settings-error';
import { AppModule } from './app.module';
import { createApp } from './app.setup';
import { ACCEPT_QUEUE } from './common/http/connections/limits';
import { createLogger } from './common/logging/logger';
import { startDatabase } from './database/database';
import { OpenClients } from './database/open-clients';
import { ExitCode, StartupError } from './database/startup-error';
import { withGeneratedSecrets } from './keys/first-start.service';
import { checkSecretsFile } from './keys/secrets-file.service';
import type { Extended } from './plugins/extend';
import { builtInExtensions, type Extensions, settingsOf } from './plugins/extensions';
import { loadPlugins } from './plugins/plugin-loader.service';
import { exitOnSignal, type ProcessHandle, runUntilSignal } from './shutdown';
import { welcome } from './welcome';

/** Where settings come from. */
export interface SettingsSource {
  /** Variables by name; the process's own by default. They win over those of the file. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Read if it is there; null: none. */
  readonly envFile: string | null;
}

/** Whom a start tells what an operator should know: downloads, restarts, warnings. One line at a time. */
export type Tell = (line: string) => void;

/** A process that can be told what to do by signals, and has a terminal. */
export interface ServerProcess extends ProcessHandle {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

/** All that must be known before anything is opened. */
export interface Prepared {
  readonly settings: Settings;
  readonly extensions: Extensions;
}

/**
 * The first step of a start: what is built in and added to it, then the plug-ins of PLUGINS, then the settings, which
 * those bring some of, validated, with the keys that a first start makes.
 * @throws SettingsError with every problem, StartupError when a file cannot be used
 */
export async function prepare(source: SettingsSource, base?: Extended): Promise<Prepared> {
  const read = await readOnly(source, base);
  return { ...read, settings: await withGeneratedSecrets(read.settings) };
}

/**
 * The same for whoever only wants to know: no file is made, and outside production keys may be missing.
 * @throws SettingsError with every problem
 */
export async function readOnly(
  { environment, envFile }: SettingsSource,
  { extensions: base, problems: known }: Extended = { extensions: builtInExtensions, problems: [] },
): Promise<Prepared> {
  const text = readVariable('PLUGINS', envFile, environment);
  const { extensions: all, problems } = await loadPlugins(text, { base });
  const settings = readSettings(all.gateways, envFile, {
    ...settingsOf(all),
    pluginProblems: [...known, ...problems],
    checkSecretsFile,
    environment,
  });
  return { settings, extensions: all };
}

/** What an application is opened with, besides what was prepared. */
export interface Surroundings {
  readonly logger: Logger;
  readonly tell: Tell;
  /** Modules of others, beside ours in one container. */
  readonly beside?: NonNullable<DynamicModule['imports']>;
  /** In a process that belongs to another application, whose logger stays in its place. */
  readonly isGuest?: boolean;
}

/**
 * The second: the database, then the application, ready for `listen()`. Whoever closes the application ends the
 * embedded database with it; when this rejects, nothing is left running.
 * @throws StartupError when there is no database fit for use
 */
export async function openApplication(
  { settings, extensions }: Prepared,
  { logger, tell, beside = [], isGuest = false }: Surroundings,
): Promise<NestFastifyApplication> {
  for (const warning of settings.warnings) tell(`Warning: ${warning}`);
  const database = await startDatabase(settings.mongo, tell);
  const clients = new OpenClients();
  try {
    const own = AppModule.forRoot(settings, database, extensions, clients);
    return await createApp(
      { ...own, imports: [...(own.imports ?? []), ...beside] },
      {
        settings: settings.server,
        logger,
        isGuest,
      },
    );
  } catch (error) {
    // Nest runs no hooks for a container that it could not fill.
    await clients.close();
    await database.stop();
    throw error;
  }
}

/** The server as a process of its own: `npm start`, `sixdigit start`. Ends the process when it cannot start. */
export async function runServer(process: ServerProcess): Promise<void> {
  const started = exitOnSignal(process);
  try {
    await serve(process);
    started();
  } catch (error) {
    process.stderr.write(`${startFailure(error)}\n`);
    process.exit(exitCodeOf(error));
  }
}

async function serve(process: ServerProcess): Promise<void> {
  const prepared = await prepare({ envFile: '.env' });
  const { settings } = prepared;
  const { server } = settings;
  const logger = createLogger(server.logLevel);
  const tell: Tell = (line) => void process.stderr.write(`${line}\n`);
  const app = await openApplication(prepared, { logger, tell });
  await listen(app, settings);
  runUntilSignal(app, logger, process);
  // The terminal of a developer, never the log: it shows the keys.
  if (server.environment === 'development') process.stdout.write(welcome(settings));
  logger.info({ url: server.publicUrl, environment: server.environment }, 'ready');
}

/** The last: an application that cannot listen is closed, and its database with it. */
async function listen(app: NestFastifyApplication, { server }: Settings): Promise<void> {
  try {
    await app.listen({ port: server.port, host: server.host, backlog: ACCEPT_QUEUE });
  } catch (error) {
    // The jobs run already; they would complain about a database that goes away under them.
    await app.close();
    throw cannotListen(error as NodeJS.ErrnoException, server.port);
  }
}

function cannotListen(error: NodeJS.ErrnoException, port: number): Error {
  if (error.code !== 'EADDRINUSE' && error.code !== 'EACCES') return error;
  const why = error.code === 'EACCES' ? 'may not be opened' : 'is taken';
  return new StartupError(`Port ${port} ${why}. Set PORT to another one.`, ExitCode.wrongSetting);
}

/** Why a start failed: a known reason is shown plainly, anything else is a fault of ours and shows where. */
function startFailure(error: unknown): string {
  return isKnown(error) ? error.message : String((error as Error).stack ?? error);
}

/** What the process ends with after a start that failed. */
function exitCodeOf(error: unknown): number {
  if (error instanceof StartupError) return error.exitCode;
  return isKnown(error) ? ExitCode.wrongSetting : 1;
}

function isKnown(error: unknown): error is StartupError | SettingsError {
  return error instanceof StartupError || error instanceof SettingsError;
}
