import { adminClient } from '../client/client.service';
import { everything } from '../client/pages.service';
import { show } from '../terminal/terminal.service';
import type { KeyOptions, NewKeyOptions } from './keys';
import { type ApiKey, keyBody, keysTable, type NewApiKey, newKeyWords } from './keys-words';

const pathOf = (application: string): string => `/v1/applications/${encodeURIComponent(application)}/keys`;

export async function listKeys(application: string, options: KeyOptions): Promise<void> {
  const keys = await everything<ApiKey>(await adminClient(options), pathOf(application));
  show(options, keys, () => keysTable(keys, Date.now()));
}

export async function createKey(application: string, options: NewKeyOptions): Promise<void> {
  const client = await adminClient(options);
  const key = await client.call<NewApiKey>('POST', pathOf(application), { body: keyBody(options) });
  show(options, key, () => newKeyWords(key));
}

export async function revokeKey(application: string, key: string, options: KeyOptions): Promise<void> {
  await (await adminClient(options)).call('DELETE', `${pathOf(application)}/${encodeURIComponent(key)}`);
  show(options, { id: key, revoked: true }, () => `The key ${key} is revoked.`);
}
