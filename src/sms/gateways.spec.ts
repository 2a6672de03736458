import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gatewayVariables } from '../../config/gateway-env';
import { settingSchema } from '../../config/plugin-env';
import { gateways } from './gateways.generated';

const folder = join(__dirname, 'gateways');
const files = readdirSync(folder)
  .filter((file) => !file.endsWith('.spec.ts'))
  .map((file) => file.replace(/\.ts$/, ''));

describe('the registry of gateways', () => {
  it('holds exactly the gateways of the folder', () => {
    expect(Object.keys(gateways).sort()).toEqual(files.sort());
  });

  it.each(files)('knows %s under the name it has itself', (name) => {
    expect(gateways[name]?.name).toBe(name);
    expect(name).toMatch(/^[a-z][a-z0-9-]*$/);
  });

  it.each(files)('finds a spec beside %s', (name) => {
    expect(existsSync(join(folder, `${name}.spec.ts`))).toBe(true);
  });

  // Catches: a gateway, with or without a contract suite, whose codes may arrive when they are long dead.
  it.each(files)('knows for every channel of %s how late messages are stopped', (name) => {
    const { channels = ['sms'], validity } = gateways[name]!;
    expect(Object.keys(validity).sort()).toEqual([...channels].sort());
  });

  it.each(files)('finds the settings that hold the senders of %s', (name) => {
    const { config, senders = {} } = gateways[name]!;
    for (const key of Object.values(senders)) expect(settingSchema(config, key)).toBeDefined();
    const known = settingSchema(config, 'allowedSenders') !== undefined;
    expect(known).toBe(Object.keys(senders).length > 0);
  });

  it.each(files)('finds every setting of %s described, and credentials marked', (name) => {
    for (const { name: variable, description, secret } of gatewayVariables(gateways[name]!)) {
      expect([variable, description]).not.toContain('');
      if (/TOKEN|SECRET|PASSWORD|PRIVATE_KEY|API_KEY/.test(variable))
        expect([variable, secret]).toEqual([variable, true]);
    }
  });
});
