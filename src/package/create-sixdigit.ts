import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { createLogger } from '../common/logging/logger';
import { openApplication, prepare } from '../start';

/** What an embedding application decides; everything may be left out. */
export interface SixdigitOptions {
  /**
   * Settings by the names of `.env.example`, as text. Absent: the variables of the process.
   *
   * @example `{ MONGODB_URI: 'mongodb://127.0.0.1/otp', SMS_ROUTES: '*:twilio', … }`
   */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** A file with more of them, which `env` wins over. Absent: none is read. */
  readonly envFile?: string;
  /** Takes the log, one JSON object per line. Absent: the standard output. */
  readonly logger?: Logger;
}

/**
 * Sixdigit as a Nest application, ready for `listen()`. Closing it ends running texts in good order and, where there is
 * one, the embedded MongoDB.
 *
 * @throws SettingsError with every setting that is wrong, StartupError when there is no database fit for use
 */
export async function createSixdigit(options: SixdigitOptions = {}): Promise<NestFastifyApplication> {
  const { env, envFile = null } = options;
  const prepared = await prepare({ environment: env, envFile });
  const logger = options.logger ?? createLogger(prepared.settings.server.logLevel);
  return openApplication(prepared, { logger, tell: (line) => logger.warn(line) });
}
