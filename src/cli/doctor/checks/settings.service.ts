import { SettingsError } from '../../../../config/settings-error';
import { type Prepared, readOnly } from '../../../start';
import { about, type Finding } from '../finding';

export interface SettingsReport {
  readonly findings: readonly Finding[];
  /** Null when they cannot be used. */
  readonly prepared: Prepared | null;
}

/** As a start reads them, plug-ins included, but nothing is generated. */
export async function lookAtSettings(): Promise<SettingsReport> {
  const area = about('settings');
  try {
    const prepared = await readOnly({ envFile: '.env' });
    const { server, warnings } = prepared.settings;
    const words = `can be used (${server.environment})`;
    return { findings: [area.ok(words), ...warnings.map((warning) => area.warning(warning))], prepared };
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return { findings: error.problems.map((problem) => area.problem(problem)), prepared: null };
  }
}
