import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { environmentWith } from '../../../config/client-settings';
import { guessableBecause } from '../../common/guessable';
import { renderSecrets } from '../../keys/secrets';
import { type Extensions } from '../../plugins/extensions';
import { loadPlugins } from '../../plugins/plugin-loader.service';
import { CliError, UsageError } from '../cli-error';
import { ask, isInteractive, readStdin, show } from '../terminal/terminal.service';
import { missingVariables, problemsOf, renderEnvFile, type Values } from './env-file';
import type { InitOptions } from './init';
import { nextSteps } from './init-words';
import { writeNewFiles } from './new-files.service';

const KEY_BYTES = 32;

export async function init(options: InitOptions): Promise<void> {
  const { PLUGINS, MONGODB_URI } = environmentWith(null);
  const extensions = await extensionsOf(PLUGINS);
  const uri = options.mongodbUriStdin === true ? await readStdin() : MONGODB_URI;
  const answers = await complete(given(options, uri), options);
  const envFile = resolve(options.output);
  const secretsFile = resolve(options.secretsFile);
  const values: Values = {
    NODE_ENV: 'production',
    SECRETS_FILE: secretsFile,
    ADMIN_KEY: newKey(),
    ...(PLUGINS === undefined ? {} : { PLUGINS }),
    ...answers,
  };
  const problems = problemsOf(values, extensions);
  if (problems.length > 0) throw new UsageError(problems.join('\n'));
  const kid = new Date().toISOString().slice(0, 10);
  await writeNewFiles([
    { path: secretsFile, text: renderSecrets(randomBytes(KEY_BYTES), kid, randomBytes(KEY_BYTES)) },
    { path: envFile, text: renderEnvFile(values, extensions) },
  ]);
  const missing = [...missingVariables(values, extensions), ...(hasDatabase(values) ? [] : ['MONGODB_URI'])];
  const steps = nextSteps({ envFile, secretsFile, missing, values, countries: options.countries ?? [] });
  show(options, { envFile, secretsFile, missing, nextSteps: steps }, () =>
    wordsOf(envFile, secretsFile, steps),
  );
}

async function extensionsOf(plugins: string | undefined): Promise<Extensions> {
  const { extensions, problems } = await loadPlugins(plugins);
  if (problems.length > 0) throw new CliError(problems.join('\n'));
  return extensions;
}

function given(options: InitOptions, uri: string | undefined): Values {
  const { url, smsRoutes, defaultCountry, embedded, sandbox } = options;
  const values = {
    PUBLIC_URL: url,
    MONGODB_URI: uri,
    SMS_ROUTES: smsRoutes,
    DEFAULT_COUNTRY: defaultCountry,
    EMBEDDED_MONGODB: embedded === true ? 'true' : undefined,
    SANDBOX: sandbox === true ? 'true' : undefined,
  };
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined && value !== ''),
  );
}

const questions = {
  PUBLIC_URL: 'Address of the API from outside, e.g. https://verify.example.com: ',
  MONGODB_URI: 'MONGODB_URI of a replica set, or nothing for now: ',
  SMS_ROUTES: 'Gateways for texts, e.g. *:twilio, or nothing for now: ',
  DEFAULT_COUNTRY: 'Country of numbers in national form, or nothing: ',
} as const;

/** What was not given is asked for, where somebody is there. */
async function complete(values: Values, { yes, embedded }: InitOptions): Promise<Values> {
  if (yes === true || !isInteractive()) return values;
  const answers: Record<string, string> = { ...values };
  for (const [name, question] of Object.entries(questions)) {
    if (answers[name] !== undefined || (name === 'MONGODB_URI' && embedded === true)) continue;
    const answer = await ask(question);
    if (answer !== '') answers[name] = answer;
  }
  return answers;
}

function hasDatabase({ MONGODB_URI, EMBEDDED_MONGODB }: Values): boolean {
  return MONGODB_URI !== undefined || EMBEDDED_MONGODB !== undefined;
}

/** By chance a key may hold a word that production takes for a template's. */
function newKey(): string {
  for (;;) {
    const key = randomBytes(KEY_BYTES).toString('base64url');
    if (guessableBecause(key) === null) return key;
  }
}

function wordsOf(envFile: string, secretsFile: string, steps: readonly string[]): string {
  const numbered = steps.map((step, n) => `${n + 1}. ${step}`);
  return [`Written: ${envFile}, ${secretsFile}`, '', 'Next steps:', ...numbered].join('\n');
}
