import { spawn } from 'node:child_process';

/** How a short-lived program ended. */
export interface ProgramResult {
  readonly ok: boolean;
  readonly stdout: string;
  /** Why it failed, in one line; empty when ok. */
  readonly problem: string;
}

const KEPT_OUTPUT = 16_384;

/**
 * Runs a program to its end and never throws: what went wrong is in `problem`. It is killed when
 * `timeoutMs` have passed, or earlier when `signal` says so.
 */
export function runProgram(
  file: string,
  args: readonly string[],
  options: { timeoutMs: number; signal?: AbortSignal },
): Promise<ProgramResult> {
  return new Promise((resolve) => {
    let stdout = '';
    let stderr = '';
    const child = spawn(file, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      killSignal: 'SIGKILL',
      signal: options.signal,
    });
    // Not spawn's own time-out: that one keeps the process alive when the file does not exist.
    const timer = setTimeout(() => child.kill('SIGKILL'), options.timeoutMs);
    const settle = (result: ProgramResult): void => {
      clearTimeout(timer);
      resolve(result);
    };
    child.stdout.on('data', (chunk: Buffer) => (stdout = (stdout + chunk.toString()).slice(-KEPT_OUTPUT)));
    child.stderr.on('data', (chunk: Buffer) => (stderr = (stderr + chunk.toString()).slice(-KEPT_OUTPUT)));
    child.on('error', (error: NodeJS.ErrnoException) => {
      const problem = error.code === 'ENOENT' ? 'not found' : error.message;
      settle({ ok: false, stdout, problem });
    });
    child.on('close', (code, signal) => {
      if (code === 0) return settle({ ok: true, stdout, problem: '' });
      const reason = signal ? `stopped by ${signal}` : `exit code ${code}`;
      settle({ ok: false, stdout, problem: [reason, lastLine(stderr)].filter(Boolean).join(': ') });
    });
  });
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.trim().slice(0, 300) ?? '';
}
