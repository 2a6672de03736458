import type { Values } from './env-file';

export interface Written {
  readonly envFile: string;
  readonly secretsFile: string;
  /** Variables to be filled in. */
  readonly missing: readonly string[];
  readonly values: Values;
  readonly countries: readonly string[];
}

/** What an operator does now, in this order. */
export function nextSteps({ envFile, secretsFile, missing, values, countries }: Written): string[] {
  const where = countries.length === 0 ? 'ES,PT' : countries.join(',');
  return [
    `Keep a copy of ${secretsFile} where the database's backups are not: without it the data cannot be read.`,
    ...(values.SMS_ROUTES === undefined
      ? [`Name a gateway in SMS_ROUTES of ${envFile}, and fill in its settings.`]
      : []),
    ...(missing.length === 0 ? [] : [`Fill in ${missing.join(', ')} in ${envFile}.`]),
    'sixdigit doctor',
    'sixdigit start',
    `sixdigit apps create shop --brand Acme --allowed-countries ${where}`,
    'sixdigit keys create <id of that application>',
  ];
}
