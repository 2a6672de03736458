import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ClientSettings, clientSettings } from '../../../config/client-settings';
import { Secret } from '../../common/secret';
import { ExitCode } from '../../database/startup-error';
import { CliError } from '../cli-error';
import { CliExit } from '../exit-codes';
import { checkedAddress } from './address';
import { type KeyKind, type Problem, problemWords } from './problem-words';

export interface ServerOptions {
  readonly url?: string;
  readonly insecure?: boolean;
  /** Seconds that a call may take. */
  readonly timeout: number;
}

export interface Call {
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  /** Sent as JSON; a text is sent as `contentType` says. */
  readonly body?: unknown;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Ends the call, and the waiting between two. */
  readonly signal?: AbortSignal;
}

/** The server refused: `status` and `code` are for whoever decides by them. */
export class Refusal extends CliError {
  constructor(
    message: string,
    readonly status: number,
    readonly code: string | undefined,
    readonly retryAfterSeconds: number,
  ) {
    super(message, CliExit.failed);
    this.name = 'Refusal';
  }
}

const LONGEST_WAIT_SECONDS = 60;

/** The API of a running server, with one of its keys. */
export class Client {
  constructor(
    private readonly address: string,
    private readonly key: Secret,
    private readonly kind: KeyKind,
    private readonly timeoutSeconds: number,
  ) {}

  /** @throws Refusal for an answer that is no success; CliError when there is none */
  async call<T>(method: string, path: string, call: Call = {}): Promise<T> {
    const response = await this.fetch(method, path, call);
    const text = await response.text().catch(() => {
      throw this.unreachable('the answer broke off');
    });
    if (!response.ok) throw this.refusal(response, text);
    if (text === '') return undefined as T;
    try {
      return JSON.parse(text) as T;
    } catch {
      throw new CliError(
        `${this.address} did not answer in JSON. Is it the address of Sixdigit? Check --url.`,
      );
    }
  }

  /** As `call`, for what may be asked again: waits where the server asks to, as long as it takes. */
  async patient<T>(path: string, call: Call, tries = 5): Promise<T> {
    for (let left = tries; ; left--) {
      try {
        return await this.call<T>('GET', path, call);
      } catch (error) {
        const busy = error instanceof Refusal && (error.status === 429 || error.status >= 500);
        if (!busy || left <= 1) throw error;
        const seconds = Math.min(error.retryAfterSeconds, LONGEST_WAIT_SECONDS);
        await sleep(seconds * 1_000, undefined, { signal: call.signal });
      }
    }
  }

  private async fetch(method: string, path: string, call: Call): Promise<Response> {
    const limit = AbortSignal.timeout(this.timeoutSeconds * 1_000);
    try {
      return await fetch(`${this.address}${path}${queryOf(call)}`, {
        method,
        headers: {
          authorization: `Bearer ${this.key.reveal()}`,
          accept: 'application/json',
          ...headersOf(call),
        },
        body: typeof call.body === 'string' ? call.body : JSON.stringify(call.body),
        // A key goes to nobody but the one it was meant for.
        redirect: 'manual',
        signal: call.signal ? AbortSignal.any([limit, call.signal]) : limit,
      });
    } catch (error) {
      if (call.signal?.aborted) throw error;
      throw this.unreachable(reasonOf(error));
    }
  }

  private refusal(response: Response, text: string): CliError {
    const { status } = response;
    if (status >= 300 && status < 400)
      return new CliError(
        `${this.address} leads elsewhere (${status}). Give the address behind it as --url.`,
      );
    const retryAfter = response.headers.get('retry-after');
    const problem = readProblem(text);
    const words = problemWords(status, problem, this.kind, retryAfter);
    return new Refusal(words, status, problem.code, Number(retryAfter) || 1);
  }

  private unreachable(reason: string): CliError {
    return new CliError(
      `${this.address} cannot be reached: ${reason}. Is the server running? Check --url, or PUBLIC_URL, HOST and PORT.`,
      CliExit.unreachable,
    );
  }
}

function queryOf({ query = {} }: Call): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as [string, string]],
  );
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
}

function headersOf({ body, contentType = 'application/json', headers }: Call): Record<string, string> {
  return { ...(body === undefined ? {} : { 'content-type': contentType }), ...headers };
}

/** With a key of an application: SIXDIGIT_API_KEY, or the one that the server of this folder was started with. */
export async function applicationClient(options: ServerOptions): Promise<Client> {
  const settings = clientSettings();
  const key = settings.apiKey ?? (await generatedKey(settings, 'api-key'));
  return new Client(
    address(settings, options),
    demanded(key, 'SIXDIGIT_API_KEY'),
    'application',
    options.timeout,
  );
}

/** With the key of the admin API. */
export async function adminClient(options: ServerOptions): Promise<Client> {
  const settings = clientSettings();
  const key = settings.adminKey ?? (await generatedKey(settings, 'admin-key'));
  return new Client(address(settings, options), demanded(key, 'ADMIN_KEY'), 'admin', options.timeout);
}

function address(settings: ClientSettings, { url, insecure = false }: ServerOptions): string {
  return checkedAddress(url ?? settings.url, insecure);
}

function demanded(key: Secret | null, name: string): Secret {
  if (key !== null) return key;
  throw new CliError(
    `There is no key. Set ${name} in the environment or in .env; outside production the one that the server generates ` +
      'in DATA_DIR is found by itself, from the folder in which it was started.',
    ExitCode.wrongSetting,
  );
}

async function generatedKey({ dataDir, isProduction }: ClientSettings, name: string): Promise<Secret | null> {
  if (isProduction) return null;
  const text = await readFile(join(dataDir, name), 'utf8').catch(() => '');
  return text.trim() === '' ? null : new Secret(text.trim());
}

function readProblem(text: string): Problem {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? body : {};
  } catch {
    return {};
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') return 'no answer in time';
  const cause = (error as { cause?: { code?: unknown } }).cause;
  return typeof cause?.code === 'string' ? cause.code : 'no connection';
}
