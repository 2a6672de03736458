import { pino, stdTimeFunctions, type DestinationStream, type Logger } from 'pino';

/** Lines are handed to the system in pieces of this size, or after this time: one system call per line is most of a log's cost. */
const BUFFER_BYTES = 16_000;
const FLUSH_MS = 200;

/** Characters that JSON leaves as they are and that still end a line or start a terminal sequence. */
const terminalCharacters = /[\u007f-\u009f\u2028\u2029]/g;

/**
 * One JSON object per line on the standard output. What is logged is chosen field by field where it is
 * logged: never a body, a header, a query string, a code or a full phone number.
 * @param destination for tests; the standard output otherwise, flushed at exit
 */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    hooks: { streamWrite: escapeTerminalCharacters },
  };
  const stdout = { dest: 1, sync: false, minLength: BUFFER_BYTES, periodicFlush: FLUSH_MS };
  return pino(options, destination ?? pino.destination(stdout));
}

function escapeTerminalCharacters(line: string): string {
  return line.replace(terminalCharacters, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
