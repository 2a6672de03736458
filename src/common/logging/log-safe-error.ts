/** What a log line may tell about an error. */
export interface LogSafeError {
  readonly name: string;
  readonly code?: string | number;
  readonly message: string;
  readonly stack?: readonly string[];
  readonly cause?: LogSafeError;
}

const MESSAGE_LENGTH = 300;
const STACK_FRAMES = 12;
const CAUSES = 3;

/**
 * Name, code, frames of the stack and a cleaned message. Messages of others repeat input: a duplicate-key
 * error its key, a parser the text, a driver the URI with its password. So quoted words, everything from
 * `dup key`, user information in URIs and runs of digits as long as a code are cut out.
 */
export function logSafeError(error: unknown, depth = 0): LogSafeError {
  if (!(error instanceof Error))
    return { name: typeof error, message: 'something that is not an Error was thrown' };
  const { code } = error as { code?: unknown };
  const frames = stackFrames(error.stack);
  return {
    name: error.name,
    ...((typeof code === 'string' || typeof code === 'number') && { code }),
    message: scrub(error.message),
    ...(frames.length > 0 && { stack: frames }),
    ...(error.cause !== undefined && depth < CAUSES && { cause: logSafeError(error.cause, depth + 1) }),
  };
}

/** Removes what could be a code, a number, a key or a password from a sentence written by someone else. */
export function scrub(text: string): string {
  return text
    .slice(0, 4 * MESSAGE_LENGTH)
    .replace(/dup key.*/s, 'dup key …')
    .replace(/\/\/[^/@\s]*@/g, '//…@')
    .replace(/"[^"]*"?|'[^']*'|`[^`]*`/g, '"…"')
    .replace(/\+?\d(?:[\s().-]?\d){3,}/g, '…')
    .replace(/[A-Za-z0-9_-]{20,}/g, '…')
    .slice(0, MESSAGE_LENGTH);
}

/** Only the `at …` lines: the first lines of a stack repeat the message. */
function stackFrames(stack: string | undefined): string[] {
  if (stack === undefined) return [];
  return stack
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('at '))
    .slice(0, STACK_FRAMES);
}
