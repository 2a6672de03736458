import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { checks } from './checks.generated';

const folder = join(__dirname, 'checks');
const files = readdirSync(folder)
  .filter((file) => !file.endsWith('.spec.ts'))
  .map((file) => file.replace(/\.ts$/, ''));

describe('the registry of risk checks', () => {
  it('holds exactly the checks of the folder', () => {
    expect(Object.keys(checks).sort()).toEqual(files.sort());
  });

  it.each(files)('knows %s under the name it has itself, and finds a spec beside it', (name) => {
    expect(checks[name]?.name).toBe(name);
    expect(name).toMatch(/^[a-z][a-z0-9-]{0,39}$/);
    expect(existsSync(join(folder, `${name}.spec.ts`))).toBe(true);
  });
});
