import type { LoggerService } from '@nestjs/common';
import type { Logger } from 'pino';
import { logSafeError, scrub } from './log-safe-error';
import { safeFields } from './safe-fields';

type Level = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace';

/** Nest tells of every module and route at each start: of interest only when one is missing. */
const chatty = new Set([
  'NestFactory',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestApplication',
]);

/**
 * Nest's logger over pino. `logger.warn('text', { fields })` adds fields; errors among the arguments are
 * logged without what their messages may quote.
 */
export class NestLogger implements LoggerService {
  constructor(private readonly pino: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.write(chatty.has(String(rest.at(-1))) ? 'debug' : 'info', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    // A start that failed: `main.ts` says so on the terminal, in words for an operator.
    const isRepeated = rest.at(-1) === 'ExceptionHandler';
    this.write(isRepeated ? 'debug' : 'error', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  private write(level: Level, message: unknown, rest: readonly unknown[]): void {
    if (!this.pino.isLevelEnabled(level)) return;
    // Nest puts the logger's name last, and for errors a stack before it.
    const context = typeof rest.at(-1) === 'string' ? rest.at(-1) : undefined;
    const line: Record<string, unknown> = context === undefined ? {} : { context };
    for (const value of [message, ...rest]) {
      if (value instanceof Error) line['error'] = logSafeError(value);
      else if (typeof value === 'object' && value !== null) Object.assign(line, safeFields(value));
    }
    this.pino[level](line, typeof message === 'string' ? scrubbed(level, message) : 'see fields');
  }
}

/** Sentences of this code base are safe; those of errors that someone turned into a string are not. */
function scrubbed(level: Level, message: string): string {
  return level === 'error' || level === 'fatal' ? scrub(message) : message;
}
