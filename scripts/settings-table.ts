import type { PluginVariable } from '../config/plugin-env';
import { row, table } from './markdown';

/** The settings of a plug-in as a table in Markdown. */
export function renderSettings(variables: readonly PluginVariable[]): string {
  if (variables.length === 0) return 'Has no settings.\n';
  const rows = variables.map(({ name, required, default: value, description, secret }) => {
    const shown = required ? 'required' : value === null ? 'none' : `\`${value}\``;
    return row(`\`${name}\``, shown, `${description}${secret ? ' (secret)' : ''}`);
  });
  return table(['variable', 'default', 'meaning'], rows);
}
