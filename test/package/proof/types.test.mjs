import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

const source = `
import { createSixdigit, defineGateway, SixdigitError, SixdigitModule, VerificationService, z } from 'sixdigit';
import { httpGatewayContract, startSixdigit } from 'sixdigit/testing';

export const acme = defineGateway({
  name: 'acme',
  docs: { title: 'Acme', verified: '', receipts: '' },
  validity: { sms: { none: 'Nothing.' } },
  config: z.strictObject({ token: z.string().describe('Token.') }),
  create: ({ token }) => ({ send: async (message) => ({ outcome: 'accepted', reference: token + message.id }) }),
});
export const app = createSixdigit({ gateways: [acme], imports: [SixdigitModule.register({ prefix: '/otp' })] });
export async function start(service: VerificationService): Promise<string> {
  try {
    const { id, expiresAt } = await service.start({ to: '+34600000001' }, { waitSeconds: 2 });
    return id + expiresAt;
  } catch (error) {
    return error instanceof SixdigitError ? error.code : '';
  }
}
// @ts-expect-error a word that there is not
export const wrong = (service: VerificationService) => service.start({ number: '+34600000001' });
export const testing = [httpGatewayContract, startSixdigit];
`;

// `module: node16` is not among them: Nest 12 is ESM alone, which CommonJS may require only since `node20`.
const systems = [
  ['ESM and CommonJS', 'node20', 'node16', ['app.mts', 'app.cts']],
  ['a bundler', 'esnext', 'bundler', ['app.ts']],
];

for (const [name, module, moduleResolution, files] of systems)
  test(`types for ${name}, strict, libraries checked`, async () => {
    const folder = join(import.meta.dirname, `types-${module}`);
    await mkdir(folder, { recursive: true });
    for (const file of files) await writeFile(join(folder, file), source);
    const compilerOptions = {
      ...{ module, moduleResolution, target: 'es2023', lib: ['es2023'], types: ['node'] },
      ...{ strict: true, skipLibCheck: false, noEmit: true, experimentalDecorators: true },
    };
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
    const { stdout, status } = spawnSync(process.execPath, [process.env.TSC, '-p', folder], {
      encoding: 'utf8',
    });
    assert.equal(status, 0, stdout.slice(0, 4_000));
  });
