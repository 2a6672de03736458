import type { Env } from './env';

/** Values by name; undefined when unset or wrong (what is wrong is reported elsewhere). */
export type PartialEnv = Partial<Env>;

/** What a server that sends real texts must not start with, each as `NAME: remedy`. */
export function productionProblems(env: PartialEnv, wrong: ReadonlySet<string>): string[] {
  const unset = (name: keyof Env) => env[name] === undefined && !wrong.has(name);
  const problems: string[] = [];
  if (unset('SECRETS_FILE'))
    problems.push(
      'SECRETS_FILE: is required in production; create the file once and keep it (docs/deployment.md)',
    );
  if (unset('ADMIN_KEY')) problems.push('ADMIN_KEY: is required in production; try: openssl rand -base64 32');
  if (unset('MONGODB_URI') && env.EMBEDDED_MONGODB === false)
    problems.push(
      'MONGODB_URI: is required in production; or set EMBEDDED_MONGODB=true to run one in DATA_DIR',
    );
  return problems;
}
