import { fields, table } from '../terminal/table';
import type { AppChanges } from './apps';

/** What of an application is looked at here. */
export interface Application {
  readonly id: string;
  readonly name: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly createdAt: string;
  readonly notices: readonly { readonly setting: string; readonly message: string }[];
}

export function parsedObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** The settings that the options ask for; the short options win over the object. */
export function settingsOf(
  options: AppChanges,
  more: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  const { brand, allowedCountries, settings } = options;
  return {
    ...more,
    ...settings,
    ...(brand === undefined ? {} : { brand }),
    ...(allowedCountries === undefined ? {} : { allowedCountries }),
  };
}

export function appsTable(apps: readonly Application[]): string {
  const rows = apps.map(({ id, name, createdAt, settings }) => [id, name, createdAt, stateOf(settings)]);
  return table(['ID', 'NAME', 'CREATED', 'STATE'], rows);
}

export function appWords({ id, name, createdAt, settings, notices }: Application): string {
  return [
    fields({ id, name, created: createdAt, state: stateOf(settings) }),
    '',
    JSON.stringify(settings, null, 2),
    ...notices.map(({ setting, message }) => `\nNotice: ${setting}: ${message}`),
  ].join('\n');
}

function stateOf(settings: Application['settings']): string {
  return settings['disabled'] === true ? 'disabled' : 'active';
}
