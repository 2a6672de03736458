import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensureBuilt, projectRoot } from './built-app';

const builtCli = join(projectRoot, 'dist', 'src', 'cli', 'sixdigit.js');

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  /** The working directory, with its `.env` and `.sixdigit`. */
  readonly folder: string;
  /** Nothing of the test's own environment comes along but PATH, HOME and the mongod. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Absent: at its end at once. */
  readonly stdin?: string;
}

/** The built command line in a process of its own. */
export class CliProcess {
  stdout = '';
  stderr = '';
  readonly exited: Promise<CliResult>;

  private constructor(readonly child: ChildProcess) {
    child.stdout?.on('data', (chunk: Buffer) => (this.stdout += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
    this.exited = new Promise((resolve) => {
      child.once('close', (code) => resolve({ code, stdout: this.stdout, stderr: this.stderr }));
    });
  }

  static async start(words: readonly string[], { folder, env, stdin }: CliOptions): Promise<CliProcess> {
    await ensureBuilt();
    const child = spawn(process.execPath, [builtCli, ...words], {
      cwd: folder,
      env: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        MONGOD_BINARY: process.env['SIXDIGIT_TEST_MONGOD'],
        ...env,
      },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    // A command that reads nothing has ended before.
    child.stdin.on('error', () => undefined);
    child.stdin.end(stdin ?? '');
    return new CliProcess(child);
  }

  static async run(words: readonly string[], options: CliOptions): Promise<CliResult> {
    return (await CliProcess.start(words, options)).exited;
  }

  /** Waits until its output has this. */
  async says(text: string | RegExp): Promise<void> {
    const end = Date.now() + 30_000;
    while (this.stdout.match(text) === null) {
      if (Date.now() > end || this.child.exitCode !== null)
        throw new Error(`it never said ${String(text)}:\n${this.stdout}\n${this.stderr}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
