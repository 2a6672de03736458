import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createLogger } from '../common/logging/logger';
import { openApplication } from '../start';
import { type CreateOptions, prepareFrom } from './options';
import { ServicesModule } from './services/services.module';

/**
 * Sixdigit as a Nest application with modules of yours in it, ready for `listen()`. Closing it ends running texts in good
 * order and, where there is one, the embedded MongoDB; `enableShutdownHooks()` closes it on a signal.
 *
 * @throws SettingsError with every setting that is wrong, StartupError when there is no database fit for use
 */
export async function createSixdigit(options: CreateOptions = {}): Promise<NestFastifyApplication> {
  const prepared = await prepareFrom(options);
  const logger = options.logger ?? createLogger(prepared.settings.server.logLevel);
  const beside = [ServicesModule.everywhere(), ...(options.imports ?? [])];
  return openApplication(prepared, { logger, tell: (line) => logger.warn(line), beside });
}
