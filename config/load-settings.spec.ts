import { inspect } from 'node:util';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { someGateways } from '../test/builders/gateways';
import { someRoutes } from '../test/builders/routes';
import { envNames } from './env';
import { loadSettings, type SecretsFileCheck } from './load-settings';
import { SettingsError } from './settings-error';

const adminKey = 'admin-key-that-is-long-enough-000001';
const apiKey = 'api-key-that-is-long-enough-00000002';
const production = {
  NODE_ENV: 'production',
  MONGODB_URI: 'mongodb://db.example/sixdigit?replicaSet=rs0',
  SECRETS_FILE: '/run/secrets/sixdigit.json',
  ADMIN_KEY: adminKey,
  SMS_ROUTES: '*:acme',
  SMS_ACME_USERNAME: 'me',
  SMS_ACME_TOKEN: 'token-0001',
};

const load = (env: NodeJS.ProcessEnv) => loadSettings(env, someGateways);

function problemsOf(env: NodeJS.ProcessEnv): readonly string[] {
  try {
    load(env);
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  return [];
}

describe('loadSettings', () => {
  it('needs nothing in development', () => {
    expect(load({})).toEqual({
      server: {
        environment: 'development',
        isProduction: false,
        port: 3000,
        host: '127.0.0.1',
        publicUrl: 'http://127.0.0.1:3000',
        trustProxyHops: 0,
        maxConnections: 4096,
        logLevel: 'info',
      },
      mongo: { uri: null, embeddedAllowed: true, mongodBinary: null, dataDir: resolve('.sixdigit') },
      secrets: {
        secretsFile: resolve('.sixdigit/secrets.json'),
        adminKey: null,
        bootstrapApiKey: null,
        dataDir: resolve('.sixdigit'),
      },
      sms: {
        routes: someRoutes({
          sms: '*:console',
          voice: '*:console',
          whatsapp: '*:console',
          email: '*:console',
        }),
        sandbox: true,
        gateways: { console: {} },
      },
      outbound: { allowPrivate: true },
      limits: { throttlePerSecond: 1000 },
      risk: { checks: {} },
      eventSinks: { sinks: {} },
      audit: { retentionDays: 400 },
      phone: { defaultCountry: null },
      hosted: { isOn: true },
      scheduler: { isOn: true },
      warnings: [],
    });
  });

  it('reads every variable', () => {
    const settings = load({
      ...production,
      PORT: '8080',
      HOST: '::1',
      EMBEDDED_MONGODB: 'true',
      MONGOD_BINARY: '/usr/bin/mongod',
      DATA_DIR: '/var/lib/sixdigit',
      BOOTSTRAP_API_KEY: apiKey,
      DEFAULT_COUNTRY: 'es',
      SANDBOX: 'true',
      SMS_ROUTES: 'es:acme*70|console*30;*:http',
      VOICE_ROUTES: 'pt:acme',
      WHATSAPP_ROUTES: '*:console',
      EMAIL_ROUTES: 'ES:console',
      SMS_ACME_MAX_PARTS: '3',
      SMS_HTTP_URL: 'https://gateway.example/send',
      OUTBOUND_ALLOW_PRIVATE: 'true',
      THROTTLE_PER_SECOND: '0',
      TRUST_PROXY: '2',
      MAX_CONNECTIONS: '200',
      AUDIT_RETENTION_DAYS: '30',
      LOG_LEVEL: 'warn',
    });
    expect(settings).toMatchObject({
      server: {
        port: 8080,
        host: '::1',
        publicUrl: 'http://[::1]:8080',
        trustProxyHops: 2,
        maxConnections: 200,
        logLevel: 'warn',
      },
      mongo: { uri: production.MONGODB_URI, embeddedAllowed: true, mongodBinary: '/usr/bin/mongod' },
      secrets: {
        secretsFile: production.SECRETS_FILE,
        adminKey,
        bootstrapApiKey: apiKey,
        dataDir: '/var/lib/sixdigit',
      },
      sms: {
        routes: someRoutes({
          sms: 'ES:acme*70|console*30;*:http',
          voice: 'PT:acme',
          whatsapp: '*:console',
          email: 'ES:console',
        }),
        sandbox: true,
        gateways: {
          acme: { username: 'me', token: 'token-0001', baseUrl: 'https://sms.example', maxParts: 3 },
          http: { url: 'https://gateway.example/send' },
          console: {},
        },
      },
      outbound: { allowPrivate: true },
      limits: { throttlePerSecond: 0 },
      audit: { retentionDays: 30 },
      phone: { defaultCountry: 'ES' },
    });
  });

  it('is stricter in production', () => {
    expect(load(production)).toMatchObject({
      server: { isProduction: true, host: '0.0.0.0', publicUrl: 'http://0.0.0.0:3000' },
      mongo: { embeddedAllowed: false },
      secrets: { bootstrapApiKey: null },
      sms: { sandbox: false, routes: { voice: [], whatsapp: [], email: [] } },
      outbound: { allowPrivate: false },
    });
  });

  it('treats NODE_ENV=test as development', () => {
    const { server, ...rest } = load({ NODE_ENV: 'test' });
    expect({ ...rest, server: { ...server, environment: 'development' } }).toEqual(load({}));
  });

  it('takes an empty or blank value for unset', () => {
    expect(load(Object.fromEntries(envNames.map((name) => [name, '  '])))).toEqual(load({}));
  });

  it('drops the slash at the end of PUBLIC_URL', () => {
    expect(load({ PUBLIC_URL: 'https://verify.example/base//' }).server.publicUrl).toBe(
      'https://verify.example/base',
    );
  });

  it('freezes everything, the settings of gateways too', () => {
    const settings = load(production);
    const frozen = (value: unknown): boolean =>
      typeof value !== 'object' ||
      value === null ||
      (Object.isFrozen(value) && Object.values(value).every(frozen));
    expect(frozen(settings)).toBe(true);
  });

  it('gives a gateway settings that its schema transforms', () => {
    const env = {
      SMS_ROUTES: '*:http-json',
      SMS_HTTP_JSON_URL: 'https://x.example',
      SMS_HTTP_JSON_HEADERS: '{"a":"b"}',
    };
    expect(load(env).sms.gateways).toMatchObject({
      'http-json': { url: 'https://x.example', headers: { a: 'b' } },
    });
  });
});

describe('a refused setting', () => {
  it.each([
    ['NODE_ENV', 'staging', 'must be one of development, production, test'],
    ['PORT', '65536', 'must be a whole number from 0 to 65535'],
    ['PORT', '80.5', 'must be a whole number from 0 to 65535'],
    ['PORT', '-1', 'must be a whole number from 0 to 65535'],
    ['PORT', '0x50', 'must be a whole number from 0 to 65535'],
    ['PORT', 'tcp://10.0.0.1:80', 'must be a whole number from 0 to 65535'],
    ['MONGODB_URI', 'localhost:27017', 'must begin with mongodb:// or mongodb+srv:// and hold no spaces'],
    ['EMBEDDED_MONGODB', 'maybe', 'must be true or false'],
    ['SANDBOX', '2', 'must be true or false'],
    ['OUTBOUND_ALLOW_PRIVATE', 'nope', 'must be true or false'],
    ['ADMIN_KEY', 'short', 'must have at least 32 characters; try: openssl rand -base64 32'],
    ['BOOTSTRAP_API_KEY', 'a'.repeat(31), 'must have at least 32 characters; try: openssl rand -base64 32'],
    ['ADMIN_KEY', `${'a'.repeat(32)} b`, 'must be visible ASCII characters without spaces'],
    ['DEFAULT_COUNTRY', 'Spain', 'must be two letters of ISO 3166-1, e.g. ES'],
    ['DEFAULT_COUNTRY', 'XX', 'must be two letters of ISO 3166-1, e.g. ES'],
    ['PUBLIC_URL', 'verify.example.com', 'must be an address such as https://verify.example.com'],
    ['PUBLIC_URL', 'ftp://verify.example.com', 'must be an address such as https://verify.example.com'],
    ['THROTTLE_PER_SECOND', '-5', 'must be a whole number from 0 to 1000000'],
    ['TRUST_PROXY', 'true', 'must be a whole number from 0 to 32'],
    ['AUDIT_RETENTION_DAYS', '0', 'must be a whole number from 1 to 36500'],
    ['LOG_LEVEL', 'verbose', 'must be one of fatal, error, warn, info, debug, trace, silent'],
  ])('%s=%s is named with its remedy', (name, value, remedy) => {
    expect(problemsOf({ [name]: value })).toEqual([`${name}: ${remedy}`]);
  });

  it('is reported together with all others', () => {
    const problems = problemsOf({
      NODE_ENV: 'production',
      PORT: 'x',
      LOG_LEVEL: 'x',
      SMS_ROUTES: '*:acme,nobody',
    });
    expect(problems.map((problem) => problem.split(':')[0])).toEqual([
      'PORT',
      'LOG_LEVEL',
      'SECRETS_FILE',
      'ADMIN_KEY',
      'MONGODB_URI',
      'SMS_ROUTES',
      'SMS_ACME_USERNAME',
      'SMS_ACME_TOKEN',
    ]);
  });

  it('reads as a list', () => {
    expect(() => load({ PORT: 'x', TRUST_PROXY: 'x' })).toThrow(
      'The settings cannot be used:\n  - PORT: must be a whole number from 0 to 65535\n  - TRUST_PROXY: must be',
    );
  });

  it.each([
    ['SECRETS_FILE', {}, 'SECRETS_FILE: is required in production; create the file once and keep it'],
    ['ADMIN_KEY', {}, 'ADMIN_KEY: is required in production'],
    ['ADMIN_KEY', { ADMIN_KEY: 'short' }, 'ADMIN_KEY: must have at least 32 characters'],
    [
      'BOOTSTRAP_API_KEY',
      { BOOTSTRAP_API_KEY: 'short' },
      'BOOTSTRAP_API_KEY: must have at least 32 characters',
    ],
    ['MONGODB_URI', {}, 'MONGODB_URI: is required in production; or set EMBEDDED_MONGODB=true'],
    ['SMS_ROUTES', {}, 'SMS_ROUTES: the gateway "console" sends nothing; in production'],
    ['SMS_ROUTES', { SMS_ROUTES: 'ES:acme,console' }, 'SMS_ROUTES: the gateway "console" sends nothing'],
  ])('in production: %s, given %j', (name, given, problem) => {
    const { [name]: _left, ...rest } = production as NodeJS.ProcessEnv;
    expect(problemsOf({ ...rest, ...given })).toEqual([expect.stringContaining(problem)]);
  });

  it.each([
    ['an embedded database on purpose', { MONGODB_URI: '', EMBEDDED_MONGODB: 'true' }],
    ['the sandbox on purpose', { SMS_ROUTES: '*:console', SANDBOX: 'true', SMS_ACME_TOKEN: '' }],
  ])('is not in production: %s', (_what, given) => {
    expect(problemsOf({ ...production, ...given })).toEqual([]);
  });

  it('is an API key that is the admin key as well', () => {
    expect(problemsOf({ ADMIN_KEY: adminKey, BOOTSTRAP_API_KEY: adminKey })).toEqual([
      expect.stringContaining('BOOTSTRAP_API_KEY: is the same as ADMIN_KEY'),
    ]);
  });

  it('never shows a value of a secret, wherever it is wrong or however the settings are printed', () => {
    const anySecret = fc.string({
      unit: fc.constantFrom(...'abcXYZ019_-/$ :;,*'),
      minLength: 12,
      maxLength: 60,
    });
    const where = fc.constantFrom('ADMIN_KEY', 'BOOTSTRAP_API_KEY', 'MONGODB_URI', 'SMS_ACME_TOKEN');
    fc.assert(
      fc.property(where, anySecret, (name, random) => {
        const secret = `s3cr3t${random}`;
        const env = {
          SMS_ROUTES: '*:acme',
          SMS_ACME_USERNAME: 'me',
          SMS_ACME_TOKEN: 'token-0001',
          [name]: secret,
        };
        let shown: string;
        try {
          const settings = load(env);
          shown = inspect(settings, { depth: 9, showHidden: true }) + JSON.stringify(settings);
        } catch (error) {
          shown = inspect(error) + String(error);
        }
        expect(shown).not.toContain('s3cr3t');
      }),
    );
  });
});

describe('the settings of a gateway', () => {
  const routed = { SMS_ROUTES: '*:acme', SMS_ACME_USERNAME: 'me', SMS_ACME_TOKEN: 'token-0001' };

  it('are required when SMS_ROUTES names it', () => {
    expect(problemsOf({ SMS_ROUTES: '*:acme' })).toEqual([
      'SMS_ACME_USERNAME: is missing; the gateway "acme" needs it (User name of the account)',
      'SMS_ACME_TOKEN: is missing; the gateway "acme" needs it (API token)',
    ]);
  });

  it('are refused by the rules of its schema', () => {
    expect(problemsOf({ ...routed, SMS_ACME_TOKEN: 'short', SMS_ACME_BASE_URL: 'nowhere' })).toEqual([
      'SMS_ACME_TOKEN: must have at least 8 characters (API token)',
      'SMS_ACME_BASE_URL: must be a URL (Where the API is)',
    ]);
  });

  it('are refused when misspelt, naming the closest', () => {
    expect(problemsOf({ ...routed, SMS_ACME_MAX_PART: '2', SMS_ACME_COLOUR: 'blue' })).toEqual([
      'SMS_ACME_MAX_PART: is not known; did you mean SMS_ACME_MAX_PARTS?',
      'SMS_ACME_COLOUR: is not known; the gateway "acme" has SMS_ACME_USERNAME, SMS_ACME_TOKEN, SMS_ACME_BASE_URL, SMS_ACME_MAX_PARTS',
    ]);
  });

  // Catches: routes of applications that could not name a gateway because no country of the server's leads to it.
  it('make it there for the routes of applications, while no route names it', () => {
    const { SMS_ROUTES: _, ...unrouted } = routed;
    expect(Object.keys(load(unrouted).sms.gateways).sort()).toEqual(['acme', 'console']);
  });

  it('may be wrong while no route names it', () => {
    const settings = load({ SMS_ACME_TOKEN: 'x', SMS_ACME_COLOUR: 'blue' });
    expect(settings.sms.gateways).toEqual({ console: {} });
    expect(settings.warnings).toEqual([]);
  });

  it('are not taken for those of a gateway with a shorter name', () => {
    const env = {
      SMS_ROUTES: '*:http',
      SMS_HTTP_URL: 'https://x.example',
      SMS_HTTP_JSON_URL: 'https://y.example',
    };
    expect(load(env).sms.gateways).toMatchObject({ http: { url: 'https://x.example' } });
  });
});

describe('a variable that is probably misspelt', () => {
  it.each([
    ['MONGO_URI', 'MONGO_URI: is not known; did you mean MONGODB_URI?'],
    ['MONGODB_URL', 'MONGODB_URL: is not known; did you mean MONGODB_URI?'],
    ['ADMINKEY', 'ADMINKEY: is not known; did you mean ADMIN_KEY?'],
    ['SMS_ROUTE', 'SMS_ROUTE: is not known; did you mean SMS_ROUTES?'],
    ['LOGLEVEL', 'LOGLEVEL: is not known; did you mean LOG_LEVEL?'],
    ['SMS_TWILLIO_SID', 'SMS_TWILLIO_SID: belongs to no gateway; there are: acme, console, http, http-json'],
  ])('%s gives a warning', (name, warning) => {
    expect(load({ [name]: 'x' }).warnings).toEqual([warning]);
  });

  it.each([
    'HOME',
    'PATH',
    'HOSTNAME',
    'USER',
    'XDG_DATA_DIRS',
    'NODE_OPTIONS',
    'MONGODB_PORT',
    'npm_config_port',
  ])('%s of another program gives none', (name) => {
    expect(load({ [name]: 'x' }).warnings).toEqual([]);
  });

  it('is listed with the problems when there are some', () => {
    const { MONGODB_URI: uri, ...rest } = production;
    expect(problemsOf({ ...rest, MONGO_URI: uri })).toEqual([
      expect.stringContaining('MONGODB_URI: is required'),
      'MONGO_URI: is not known; did you mean MONGODB_URI?',
    ]);
  });

  it('reports what is wrong with the secrets file together with everything else', () => {
    const checkSecretsFile: SecretsFileCheck = (file) => ({
      unusable: `index of ${file} is shorter than 32 bytes`,
      unsafe: [],
    });
    const withFileProblem = (env: NodeJS.ProcessEnv) => loadSettings(env, someGateways, { checkSecretsFile });
    expect(() => withFileProblem({ ...production, PORT: 'x' })).toThrow(
      /PORT: must be.*\n.*SECRETS_FILE: index of \/run\/secrets\/sixdigit\.json is shorter/,
    );
    // In development it may still have to be generated.
    expect(() => withFileProblem({ SECRETS_FILE: 'new.json' })).not.toThrow();
  });
});
