/**
 * Nest has one logger per process. With two applications in it, whoever comes last would take the other's lines. Here
 * lines of ours are told from theirs by the asynchronous context they come from: everything that Sixdigit does, begins in
 * `asSixdigit`, and timers, sockets and promises inherit it.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { ConsoleLogger, Logger, type LoggerService, type LogLevel } from '@nestjs/common';

const owner = new AsyncLocalStorage<LoggerService>();

/** Runs something of ours: what it logs, now or later, goes to `logger`. */
export function asSixdigit<T>(logger: LoggerService, work: () => T): T {
  return owner.run(logger, work);
}

/** Sends each line where it belongs. */
class SharedLogger implements LoggerService {
  constructor(readonly theirs: LoggerService | undefined) {}

  log = (...line: Line): void => void this.current?.log(...line);
  error = (...line: Line): void => void this.current?.error(...line);
  warn = (...line: Line): void => void this.current?.warn(...line);
  debug = (...line: Line): void => void this.current?.debug?.(...line);
  verbose = (...line: Line): void => void this.current?.verbose?.(...line);
  fatal = (...line: Line): void => void this.current?.fatal?.(...line);
  setLogLevels = (levels: LogLevel[]): void => void this.theirs?.setLogLevels?.(levels);

  private get current(): LoggerService | undefined {
    return owner.getStore() ?? this.theirs;
  }
}

type Line = [message: unknown, ...rest: unknown[]];

/** Again whenever the host may have put a logger of its own in its place. */
export function shareLogger(): void {
  const theirs = Logger['staticInstanceRef'];
  if (theirs instanceof SharedLogger) return;
  // Nest's default is a `Logger` itself, which would ask the static one, and so this one, for ever.
  const isDefault = theirs instanceof Logger && !(theirs instanceof ConsoleLogger);
  Logger.overrideLogger(new SharedLogger(isDefault ? new ConsoleLogger() : theirs));
}
