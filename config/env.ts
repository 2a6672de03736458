import { type CountryCode, isSupportedCountry } from 'libphonenumber-js/max';
import { z } from 'zod';

/** Shorter keys could be guessed by an attacker who takes the time (32 base64url characters are 192 bits). */
export const MIN_KEY_LENGTH = 32;

/** What `.env.example` shows beside the description. */
interface VariableMeta {
  /** Said in words, e.g. `127.0.0.1; in production 0.0.0.0`. */
  readonly default: string;
  readonly secret?: true;
}

const variable = <T extends z.ZodType>(schema: T, description: string, meta: VariableMeta): T =>
  schema.describe(description).meta({ ...meta });

const wholeNumber = (min: number, max: number) => {
  const error = `must be a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, error)
    .transform(Number)
    .refine((number) => number >= min && number <= max, error);
};

const flag = z.stringbool({ error: 'must be true or false' });

const key = z
  .string()
  .min(MIN_KEY_LENGTH, `must have at least ${MIN_KEY_LENGTH} characters; try: openssl rand -base64 32`)
  .regex(/^[\x21-\x7e]*$/, 'must be visible ASCII characters without spaces');

const country = z
  .string()
  .transform((text) => text.toUpperCase())
  .refine((text) => isSupportedCountry(text as CountryCode), 'must be two letters of ISO 3166-1, e.g. ES');

const webAddress = z
  .url({ protocol: /^https?$/, error: 'must be an address such as https://verify.example.com' })
  .transform((url) => url.replace(/\/+$/, ''));

const oneOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, { error: `must be one of ${values.join(', ')}` });

/** Routes of a channel that a server may do without. */
const channelRoutes = (what: string) =>
  variable(z.string().optional(), `Which gateways ${what}, in the form of SMS_ROUTES.`, {
    default: '*:console; in production none',
  });

/**
 * Every variable the server reads, in the order of the documentation, except those of the gateways
 * (`SMS_<PROVIDER>_<FIELD>`). The names are a promise to operators: never rename one. A variable that is
 * missing or empty is undefined here; `load-settings.ts` fills in defaults and applies the rules of production.
 */
export const envSchema = z.object({
  NODE_ENV: variable(
    oneOf(['development', 'production', 'test']).default('development'),
    'In production nothing is generated and unsafe settings are refused.',
    { default: 'development' },
  ),
  PORT: variable(wholeNumber(0, 65_535).default(3000), 'The port of the API.', { default: '3000' }),
  HOST: variable(z.string().optional(), 'The address to listen on.', {
    default: '127.0.0.1; in production 0.0.0.0',
  }),
  MONGODB_URI: variable(
    z
      .string()
      .regex(/^mongodb(\+srv)?:\/\/\S+$/, 'must begin with mongodb:// or mongodb+srv:// and hold no spaces')
      .optional(),
    'A replica set of MongoDB 6.0 or later. Without it, a MongoDB with its data in DATA_DIR is started.',
    { default: 'none', secret: true },
  ),
  EMBEDDED_MONGODB: variable(flag.default(false), 'Allows the MongoDB in DATA_DIR in production.', {
    default: 'false',
  }),
  MONGOD_BINARY: variable(
    z.string().optional(),
    'The mongod to start; without it, one is looked for, then downloaded.',
    {
      default: 'none',
    },
  ),
  DATA_DIR: variable(
    z.string().default('.sixdigit'),
    'Folder of the embedded MongoDB and of generated secrets.',
    {
      default: '.sixdigit',
    },
  ),
  SECRETS_FILE: variable(
    z.string().optional(),
    'JSON file with the keys: {"index", "ring": [{"kid", "key", "signFrom"?}]}, each key at least 32 bytes in base64. ' +
      'Required in production; generated elsewhere. Keep a copy: without it the data cannot be read.',
    { default: 'DATA_DIR/secrets.json' },
  ),
  ADMIN_KEY: variable(
    key.optional(),
    'The key of the admin API, at least 32 random characters. Required in production; generated elsewhere.',
    { default: 'none', secret: true },
  ),
  BOOTSTRAP_API_KEY: variable(
    key.optional(),
    'Makes sure that an application named "default" exists with this API key, at least 32 random characters. A ' +
      'changed value replaces the old one; a removed one stays valid until it is revoked. Generated outside production.',
    { default: 'none', secret: true },
  ),
  DEFAULT_COUNTRY: variable(country.optional(), 'Country of numbers in national form (ISO 3166-1 alpha-2).', {
    default: 'none',
  }),
  SMS_ROUTES: variable(
    z.string().default('*:console'),
    'Which gateways send texts, per country; * is every other country. A comma leads to the next priority, those ' +
      'between bars share one by weight. Example: ES:labsmobile*70|twilio*30,infobip;*:twilio. A second account of a ' +
      'gateway stands behind a point, twilio.eu, and reads SMS_TWILIO_EU_ACCOUNT_SID and so on.',
    { default: '*:console' },
  ),
  VOICE_ROUTES: channelRoutes('speak codes over the phone'),
  WHATSAPP_ROUTES: channelRoutes('send codes by WhatsApp'),
  EMAIL_ROUTES: channelRoutes('send codes by e-mail'),
  SMS_ACCOUNTS: variable(
    z.string().optional(),
    'Accounts for routes of applications that no route of the server names: twilio.eu,twilio.us. A second account of a ' +
      'gateway has settings of its own: those of twilio.eu begin with SMS_TWILIO_EU_.',
    { default: 'none' },
  ),
  SANDBOX: variable(
    flag.default(false),
    'Allows the console gateway (texts end in the sandbox inbox) in production.',
    {
      default: 'false',
    },
  ),
  PUBLIC_URL: variable(
    webAddress.optional(),
    'Where the API is reached from outside: receipts, links, paging.',
    {
      default: 'http://HOST:PORT',
    },
  ),
  OUTBOUND_ALLOW_PRIVATE: variable(
    flag.optional(),
    'Allows gateway and webhook calls to private addresses.',
    {
      default: 'true; in production false',
    },
  ),
  HOSTED: variable(
    z.stringbool({ error: 'must be on or off' }).default(true),
    'The page and the embeddable form that take people through a verification; off: nothing of them is there.',
    { default: 'on' },
  ),
  SCHEDULER: variable(
    z.stringbool({ error: 'must be on or off' }).default(true),
    'Scheduled work of the whole installation (expiry, the audit log, fail-over, erasure…); off: this instance does ' +
      'none of it, and `sixdigit cleanup --once` must run every minute or so (docs/deployment.md).',
    { default: 'on' },
  ),
  THROTTLE_PER_SECOND: variable(
    wholeNumber(0, 1_000_000).default(1000),
    'Requests per second and instance for one API key (or IP address, without a key), and as many checks again; ' +
      '0 = no limit.',
    { default: '1000' },
  ),
  MAX_CONNECTIONS: variable(
    wholeNumber(16, 1_000_000).default(4096),
    'Client connections at once; never more than half of what the system lets the process open (ulimit -n).',
    { default: '4096' },
  ),
  TRUST_PROXY: variable(wholeNumber(0, 32).default(0), 'Number of trusted proxies in front of the server.', {
    default: '0',
  }),
  AUDIT_RETENTION_DAYS: variable(
    wholeNumber(1, 36_500).default(400),
    'Days after which audit events are removed.',
    {
      default: '400',
    },
  ),
  PLUGINS: variable(
    z.string().optional(),
    'Modules to load at the start, each with gateways, texts, risk checks or event sinks: paths from the working ' +
      'directory, or names of packages installed there. Example: ./acme-gateway.mjs,@acme/sixdigit-risk. See docs/plugins.md.',
    { default: 'none' },
  ),
  LOG_LEVEL: variable(
    oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
    'The least important messages that are logged: fatal, error, warn, info, debug, trace or silent.',
    { default: 'info' },
  ),
});

export type Env = z.infer<typeof envSchema>;
export type EnvName = keyof Env;

export const envNames = Object.keys(envSchema.shape) as EnvName[];

/** Those whose values nobody else may see. */
export const secretEnvNames: ReadonlySet<string> = new Set(
  envNames.filter((name) => envSchema.shape[name].meta()?.['secret'] === true),
);
