/** What the package's doors export, as a report that is compared: a change of the public surface is seen in review. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';

const root = join(__dirname, '..');
const cache = join(root, 'dist/.api');
const tsconfigFilePath = join(root, 'tsconfig.api.json');

let emitted = false;

/** Declarations alone, of what the doors reach, unchecked: types are checked elsewhere. */
function emitDeclarations(): void {
  if (emitted) return;
  execFileSync(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', tsconfigFilePath], {
    cwd: root,
    stdio: 'inherit',
  });
  emitted = true;
}

export function renderApiReport(door: 'sixdigit' | 'testing'): string {
  emitDeclarations();
  const reportFolder = join(cache, 'report');
  mkdirSync(reportFolder, { recursive: true });
  const silent = { logLevel: ExtractorLogLevel.None };
  const config = ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: join(root, 'package.json'),
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: join(cache, `types/src/package/${door}.d.ts`),
      compiler: { tsconfigFilePath },
      apiReport: {
        enabled: true,
        reportFileName: `${door}.api.md`,
        reportFolder,
        reportTempFolder: join(cache, 'temp'),
      },
      newlineKind: 'lf',
      messages: {
        compilerMessageReporting: { default: silent },
        extractorMessageReporting: { default: silent },
        tsdocMessageReporting: { default: silent },
      },
    },
  });
  Extractor.invoke(config, { localBuild: true, messageCallback: (message) => (message.handled = true) });
  return readFileSync(join(reportFolder, `${door}.api.md`), 'utf8');
}
