import { type ChildProcess, spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** A Node process of ours that answers HTTP on a port of 127.0.0.1. */
export interface Child {
  readonly name: string;
  readonly pid: number;
  readonly port: number;
  /** From spawn to the first good answer, in ms. */
  readonly readyMs: number;
  stop(): Promise<void>;
}

export interface ChildSpec {
  readonly name: string;
  /** Of Node: never a secret, those go through `env`. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly port: number;
  readonly readyPath: string;
  /** Standard output and errors go here. */
  readonly logPath: string;
}

const START_LIMIT_MS = 30_000;
const STOP_LIMIT_MS = 12_000;

export async function startChild(spec: ChildSpec): Promise<Child> {
  const started = performance.now();
  const log = openSync(spec.logPath, 'a', 0o600);
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, spec.args, {
    env: { PATH, HOME, ...spec.env, PORT: String(spec.port) },
    stdio: ['ignore', log, log],
  });
  const exit = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = (): Promise<void> => stopChild(child, exit);
  while ((await statusOf(spec.port, spec.readyPath)) !== 200) {
    if (child.exitCode !== null || performance.now() - started > START_LIMIT_MS) {
      await stop();
      throw new Error(`${spec.name} did not start: ${await lastLines(spec.logPath)}`);
    }
    await sleep(10);
  }
  const readyMs = Math.round(performance.now() - started);
  return { name: spec.name, pid: child.pid as number, port: spec.port, readyMs, stop };
}

async function stopChild(child: ChildProcess, exit: Promise<void>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const hard = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
  await exit;
  clearTimeout(hard);
}

function statusOf(port: number, path: string): Promise<number | null> {
  return new Promise((resolve) => {
    const request = get({ port, host: '127.0.0.1', path, timeout: 2_000 }, (response) => {
      response.resume();
      resolve(response.statusCode ?? null);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(null));
  });
}

async function lastLines(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.trim().split('\n').slice(-15).join('\n') || 'it said nothing';
}
