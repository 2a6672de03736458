import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { createSixdigit } from '../package/create-sixdigit';
import type { CreateOptions } from '../package/options';
import { AuditService } from '../package/services/audit.service';
import { PhoneService } from '../package/services/phone.service';
import { VerificationService } from '../package/services/verification.service';
import { defineGateway, type SmsMessage } from '../sms/gateway';
import { z } from 'zod';

/** A real Sixdigit for a test: HTTP, MongoDB and all. */
export interface StartedSixdigit {
  /** `http://127.0.0.1:…` */
  readonly url: string;
  /** Of the application `default`, with all scopes. */
  readonly apiKey: string;
  readonly adminKey: string;
  readonly verifications: VerificationService;
  readonly phones: PhoneService;
  readonly audit: AuditService;
  /** Messages that went by the gateway `kept`, which the routes name unless `env` has others; oldest first. */
  readonly messages: readonly SmsMessage[];
  /** The code of the latest message to this number, E.164. Waits for it. */
  lastCode(to: string): Promise<string>;
  /** A call of the API with the API key; `body` is sent as JSON. */
  call(method: string, path: string, body?: unknown): Promise<Response>;
  /** Ends everything, and removes what was written. */
  close(): Promise<void>;
}

const CODE_MS = 10_000;
const POLL_MS = 20;

/**
 * Starts Sixdigit on a free port, by default with an embedded MongoDB in a folder of its own; `env: { MONGODB_URI }`
 * takes a database of yours. Gateways, sinks and the rest are given as definitions: there is nothing to be loaded.
 *
 * @throws SettingsError, StartupError
 */
export async function startSixdigit(options: CreateOptions = {}): Promise<StartedSixdigit> {
  const folder = await mkdtemp(join(tmpdir(), 'sixdigit-test-'));
  const [apiKey, adminKey] = [randomBytes(24).toString('hex'), randomBytes(24).toString('hex')];
  const messages: SmsMessage[] = [];
  const env = {
    NODE_ENV: 'test',
    HOST: '127.0.0.1',
    DATA_DIR: folder,
    LOG_LEVEL: 'silent',
    SMS_ROUTES: '*:kept',
    BOOTSTRAP_API_KEY: apiKey,
    ADMIN_KEY: adminKey,
    ...machine(),
    ...options.env,
  };
  const gateways = [keeping(messages), ...(options.gateways ?? [])];
  const logger = options.logger ?? pino({ level: 'silent' });
  const removed = () => rm(folder, { recursive: true, force: true });
  try {
    const app = await createSixdigit({ ...options, env, gateways, logger });
    await app.listen(0, '127.0.0.1').catch(async (error: unknown) => {
      await app.close();
      throw error;
    });
    const url = await app.getUrl();
    return {
      ...{ url, apiKey, adminKey, messages },
      verifications: app.get(VerificationService),
      phones: app.get(PhoneService),
      audit: app.get(AuditService),
      lastCode: (to) => codeIn(messages, to),
      call: (method, path, body) => call({ url: url + path, apiKey }, method, body),
      close: async () => {
        await app.close();
        await removed();
      },
    };
  } catch (error) {
    await removed();
    throw error;
  }
}

/** Where a database binary is, is the machine's to say. */
function machine(): Record<string, string> {
  // eslint-disable-next-line no-restricted-syntax -- nothing has read settings yet, and no test should have to say this one
  const binary = process.env['MONGOD_BINARY'];
  return binary === undefined ? {} : { MONGOD_BINARY: binary };
}

const keeping = (messages: SmsMessage[]) =>
  defineGateway({
    name: 'kept',
    channels: ['sms', 'voice', 'whatsapp', 'email'],
    docs: { title: 'Kept', verified: 'By every test.', receipts: 'None.' },
    validity: Object.fromEntries(
      ['sms', 'voice', 'whatsapp', 'email'].map((channel) => [channel, { none: 'It arrives at once.' }]),
    ),
    config: z.strictObject({ label: z.string().optional().describe('Nothing depends on it.') }),
    create: () => ({
      send: (message) => {
        messages.push(message);
        return Promise.resolve({ outcome: 'accepted', reference: message.id });
      },
    }),
  });

async function codeIn(messages: readonly SmsMessage[], to: string): Promise<string> {
  for (let waited = 0; waited < CODE_MS; waited += POLL_MS) {
    const last = messages.findLast((message) => message.to === to);
    if (last) return last.code;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Error('no message to this number');
}

function call(
  { url, apiKey }: { readonly url: string; readonly apiKey: string },
  method: string,
  body: unknown,
): Promise<Response> {
  const headers = { authorization: `Bearer ${apiKey}` };
  if (body === undefined) return fetch(url, { method, headers });
  const withBody = { ...headers, 'content-type': 'application/json' };
  return fetch(url, { method, headers: withBody, body: JSON.stringify(body) });
}
