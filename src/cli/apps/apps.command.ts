import { UsageError } from '../cli-error';
import { adminClient } from '../client/client.service';
import { everything } from '../client/pages.service';
import { readStdin, show } from '../terminal/terminal.service';
import type { AppChanges, AppOptions } from './apps';
import { type Application, appsTable, appWords, parsedObject, settingsOf } from './apps-words';

const LIST = '/v1/applications';
const pathOf = (id: string): string => `${LIST}/${encodeURIComponent(id)}`;

export async function listApps(options: AppOptions): Promise<void> {
  const apps = await everything<Application>(await adminClient(options), LIST);
  show(options, apps, () => appsTable(apps));
}

export async function showApp(id: string, options: AppOptions): Promise<void> {
  const app = await (await adminClient(options)).call<Application>('GET', pathOf(id));
  show(options, app, () => appWords(app));
}

export async function createApp(name: string, options: AppChanges): Promise<void> {
  const client = await adminClient(options);
  const settings = settingsOf(options, await settingsFromStdin(options));
  const app = await client.call<Application>('POST', LIST, { body: { name, settings } });
  show(options, app, () => `${appWords(app)}\n\nGive it a key: sixdigit keys create ${app.id}`);
}

export async function updateApp(id: string, options: AppChanges): Promise<void> {
  const settings = settingsOf(options, await settingsFromStdin(options));
  const { name } = options;
  if (name === undefined && Object.keys(settings).length === 0)
    throw new UsageError('Nothing to change was given: see sixdigit apps update --help');
  await patch(id, { name, settings }, options);
}

export async function disableApp(
  id: string,
  options: AppOptions & { readonly undo?: boolean },
): Promise<void> {
  await patch(id, { settings: { disabled: options.undo !== true } }, options);
}

async function patch(id: string, body: unknown, options: AppOptions): Promise<void> {
  const app = await (await adminClient(options)).call<Application>('PATCH', pathOf(id), { body });
  show(options, app, () => appWords(app));
}

async function settingsFromStdin({
  settingsStdin,
}: AppChanges): Promise<Record<string, unknown> | undefined> {
  if (settingsStdin !== true) return undefined;
  const settings = parsedObject(await readStdin());
  if (settings === null) throw new UsageError('The standard input is no JSON object.');
  return settings;
}
