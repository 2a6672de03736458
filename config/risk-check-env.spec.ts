import { inspect } from 'node:util';
import { z } from 'zod';
import { someGateways } from '../test/builders/gateways';
import { loadSettings } from './load-settings';
import { readRiskChecks, riskCheckOf } from './risk-check-env';
import { SettingsError } from './settings-error';

const captcha = {
  name: 'cap-tcha',
  config: z.strictObject({
    siteKey: z.string().describe('Site key'),
    secret: z.string().min(4, 'must have four characters').describe('Secret').meta({ secret: true }),
  }),
};
const puzzle = {
  name: 'puzzle',
  config: z.strictObject({ bits: z.string().transform(Number).default(16).describe('Bits') }),
};
const checks = { 'cap-tcha': captcha, puzzle };
const complete = { RISK_CAP_TCHA_SITE_KEY: 'site', RISK_CAP_TCHA_SECRET: 'secret-canary' };

describe('readRiskChecks', () => {
  it('has the checks that need no settings, and those that have all of theirs', () => {
    expect(readRiskChecks({}, checks)).toEqual({ value: { puzzle: { bits: 16 } }, problems: [] });
    expect(readRiskChecks({ ...complete, RISK_PUZZLE_BITS: '20' }, checks)).toEqual({
      value: { 'cap-tcha': { siteKey: 'site', secret: 'secret-canary' }, puzzle: { bits: 20 } },
      problems: [],
    });
  });

  // Catches: a server that starts without the check its operator meant to have.
  it.each([
    [
      { RISK_CAP_TCHA_SITE_KEY: 'site' },
      'RISK_CAP_TCHA_SECRET: is missing; the risk check "cap-tcha" needs it (Secret)',
    ],
    [
      { ...complete, RISK_CAP_TCHA_SECRET: 'abc' },
      'RISK_CAP_TCHA_SECRET: must have four characters (Secret)',
    ],
    [
      { ...complete, RISK_CAP_TCHA_SECRT: 'x' },
      'RISK_CAP_TCHA_SECRT: is not known; did you mean RISK_CAP_TCHA_SECRET?',
    ],
    [
      { RISK_PUZZLE_COLOUR: 'x' },
      'RISK_PUZZLE_COLOUR: is not known; the risk check "puzzle" has RISK_PUZZLE_BITS',
    ],
  ])('tells what is wrong with %j', (env, problem) => {
    expect(readRiskChecks(env, checks).problems).toEqual([problem]);
    expect(() => loadSettings(env, someGateways, { riskChecks: checks })).toThrow(SettingsError);
  });

  it('warns of a variable that belongs to no check', () => {
    const { warnings } = loadSettings({ RISK_NOBODY_SECRET: 'x' }, someGateways, { riskChecks: checks });
    expect(warnings).toEqual(['RISK_NOBODY_SECRET: belongs to no risk check; there are: cap-tcha, puzzle']);
  });

  it('knows whose a variable is', () => {
    expect(riskCheckOf('RISK_CAP_TCHA_SECRET', checks)).toBe(captcha);
    expect(riskCheckOf('SMS_CAP_TCHA_SECRET', checks)).toBeUndefined();
  });

  it('shows no credential and lets nobody change one', () => {
    const settings = loadSettings(complete, someGateways, { riskChecks: checks });
    expect(inspect(settings, { depth: 9 }) + JSON.stringify(settings)).not.toContain('secret-canary');
    expect(Object.isFrozen(settings.risk.checks['cap-tcha'])).toBe(true);
    expect(settings.risk.checks['cap-tcha']).toMatchObject({ secret: 'secret-canary' });
  });
});
