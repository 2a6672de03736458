import { z } from 'zod';
import { someGateways } from '../test/builders/gateways';
import { renderEnvExample } from './env-example';
import { loadSettings, type LoadOptions } from './load-settings';
import { SettingsError } from './settings-error';

const sink = {
  name: 'acme-log',
  config: z.strictObject({
    url: z.url('must be a URL').describe('Where'),
    token: z.string().describe('Token').meta({ secret: true }).optional(),
  }),
};
const options: LoadOptions = { eventSinks: { 'acme-log': sink } };
const settings = (env: NodeJS.ProcessEnv, more: LoadOptions = options) =>
  loadSettings(env, someGateways, more);
const problems = (env: NodeJS.ProcessEnv, more: LoadOptions = options): readonly string[] => {
  try {
    return settings(env, more).warnings;
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
};

describe('the settings of event sinks', () => {
  it('are read by name, and print as nothing', () => {
    const { eventSinks } = settings({ SINK_ACME_LOG_URL: 'https://x.example', SINK_ACME_LOG_TOKEN: 'hush' });
    expect(eventSinks.sinks['acme-log']).toEqual({ url: 'https://x.example', token: 'hush' });
    expect(JSON.stringify(eventSinks)).not.toContain('hush');
  });

  it.each<[NodeJS.ProcessEnv, string]>([
    [{}, 'SINK_ACME_LOG_URL: is missing; the event sink "acme-log" needs it (Where)'],
    [{ SINK_ACME_LOG_URL: 'x' }, 'SINK_ACME_LOG_URL: must be a URL (Where)'],
    [
      { SINK_ACME_LOG_URL: 'https://x.example', SINK_ACME_LOG_TOKNE: 'x' },
      'SINK_ACME_LOG_TOKNE: is not known; did you mean SINK_ACME_LOG_TOKEN?',
    ],
    [
      { SINK_ACME_LOG_URL: 'https://x.example', SINK_OTHER_URL: 'x' },
      'SINK_OTHER_URL: belongs to no event sink; there are: acme-log',
    ],
  ])('are told by name when they are wrong: %j', (env, problem) => {
    expect(problems(env)).toContain(problem);
  });

  it('stand in the help for .env', () => {
    const text = renderEnvExample(someGateways, {}, options.eventSinks);
    expect(text).toContain('# Event sink "acme-log".\n\n# Where\n# Required.\n# SINK_ACME_LOG_URL=\n');
    expect(text).toContain('# Token\n# Default: none. Secret.\n# SINK_ACME_LOG_TOKEN=\n');
  });
});

describe('settings of plug-ins', () => {
  it('of a risk check that somebody loaded must be right, also when none is set', () => {
    const riskChecks = { 'acme-log': sink };
    expect(problems({}, { riskChecks })).toEqual([]);
    expect(problems({}, { riskChecks, wantedChecks: ['acme-log'] })).toEqual([
      'RISK_ACME_LOG_URL: is missing; the risk check "acme-log" needs it (Where)',
    ]);
  });

  // Catches: a throw of somebody else's code that ends the start with a stack, and maybe with a secret in it.
  it('whose schema throws are a problem like any other, without its words', () => {
    const config = z.strictObject({
      url: z.string().transform((url) => JSON.parse(`${url} hush`) as string),
    });
    expect(problems({ SINK_ACME_LOG_URL: 'x' }, { eventSinks: { 'acme-log': { ...sink, config } } })).toEqual(
      ['SINK_ACME_LOG_*: the event sink "acme-log" failed to read its settings'],
    );
  });

  it('are told together with what is wrong with PLUGINS', () => {
    expect(problems({ PORT: 'x' }, { pluginProblems: ['PLUGINS: "./x.js": is not there'] })).toEqual([
      'PLUGINS: "./x.js": is not there',
      expect.stringMatching(/^PORT: /),
    ]);
  });
});
