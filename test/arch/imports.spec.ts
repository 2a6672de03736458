import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

const root = resolve(__dirname, '../..');
const planted = 'test/arch/planted';

/** Each planted file and the one rule that must catch it. */
const plants: Record<string, string> = {
  'src/common/layer-0.ts': 'layer-0-imports-upwards',
  'config/layer-1.ts': 'layer-1-imports-upwards',
  'src/keys/layer-2.ts': 'layer-2-imports-upwards',
  'src/access/layer-3.guard.ts': 'layer-3-imports-upwards',
  'src/phone/layer-4.controller.ts': 'layer-4-imports-upwards',
  'src/sms/layer-5.service.ts': 'layer-5-imports-upwards',
  'src/otp/slots/layer-5.ts': 'layer-5-imports-upwards',
  'src/applications/layer-6.ts': 'layer-6-imports-upwards',
  'src/otp/deliveries/layer-7.service.ts': 'layer-7-imports-upwards',
  'src/otp/verifications/layer-8.service.ts': 'layer-8-imports-upwards',
  'src/operator/layer-9.service.ts': 'layer-9-imports-upwards',
  'src/otp/cycle-a.ts': 'no-cycle',
  'src/applications/looks-inside.dto.ts': 'feature-shows-only-its-face',
  'src/cleanup/looks-inside.job.ts': 'feature-shows-only-its-face',
  'src/otp/impure.ts': 'pure-stays-pure',
  'web/knows-the-server.ts': 'web-stands-alone',
  'web/verify/component.ts': 'browser-gets-one-language',
  'src/otp/needs-test.service.ts': 'product-imports-tooling',
  'src/otp/dev-dependency.service.ts': 'product-imports-dev-dependency',
  'src/otp/driver.service.ts': 'driver-of-its-own',
};

interface Violation {
  readonly from: string;
  readonly rule: { readonly name: string };
}

interface LayerRule {
  readonly name: string;
  readonly from: { readonly path: string };
  readonly to: { readonly path: readonly string[] };
}

interface Report {
  readonly summary: { readonly violations: Violation[] };
  readonly modules: { readonly source: string }[];
}

function cruise(...folders: string[]): Report {
  const cli = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const run = spawnSync(
    process.execPath,
    [cli, '--config', '.dependency-cruiser.cjs', '-T', 'json', ...folders],
    {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    },
  );
  return JSON.parse(run.stdout) as Report;
}

function typescriptIn(folder: string): string[] {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  return files.filter((file) => /\.tsx?$/.test(file)).map((file) => join(folder, file));
}

describe('the import gate', () => {
  it('reads TypeScript and catches every planted violation by its own rule, and nothing else', () => {
    const { violations } = cruise(planted).summary;
    const found = violations.map(({ from, rule }) => [relative(planted, from), rule.name] as const);
    expect(found.sort()).toEqual(Object.entries(plants).sort());
  });

  it('has a planted violation for every rule', () => {
    const { forbidden } = jest.requireActual<{ forbidden: { name: string }[] }>(
      '../../.dependency-cruiser.cjs',
    );
    const rules = forbidden.map(({ name }) => name).filter((name) => name !== 'no-unresolvable');
    expect([...new Set(Object.values(plants))].sort()).toEqual(rules.sort());
  });

  it('looks at every source file of the product', () => {
    const seen = new Set(cruise('src', 'config', 'web').modules.map(({ source }) => source));
    const sources = ['src', 'config', 'web'].flatMap(typescriptIn);
    expect(sources.filter((source) => !seen.has(source))).toEqual([]);
  });
});

describe('the tree', () => {
  const files = typescriptIn('src');

  // Catches: a new folder that no layer holds, which may then import what it likes.
  it('has a layer for every folder', () => {
    const { forbidden } = jest.requireActual<{ forbidden: LayerRule[] }>('../../.dependency-cruiser.cjs');
    const rules = forbidden.filter(({ name }) => name.startsWith('layer-'));
    const layers = rules.flatMap(({ from, to }) => [from.path, ...to.path]).map((path) => new RegExp(path));
    expect(files.filter((file) => !layers.some((layer) => layer.test(file)))).toEqual([]);
  });

  it('has no barrels', () => expect(files.filter((file) => /(^|\/)index\.ts$/.test(file))).toEqual([]));
});
