import { Command } from 'commander';
import { version } from '../openapi/version.generated';
import { declareApps } from './apps/apps';
import { declareKeys } from './apps/keys';
import { declareAudit } from './audit/audit';
import { declareCleanup } from './cleanup/cleanup';
import { declareCompletion } from './completion/completion';
import { declareDoctor } from './doctor/doctor';
import { declareGateway } from './gateway/gateway';
import { declareInit } from './init/init';
import { declarePrices } from './prices/prices';
import { declareSecrets } from './secrets/secrets';
import { declareStart } from './start/start';
import { declareVerification } from './verification/verification';

/**
 * The command line, as a model: it parses, helps, completes and is documented by this. What a command does is loaded
 * when it runs, so that none waits for what it does not need.
 */
export function createProgram(): Command {
  const program = createCommands();
  declareCompletion(program, createCommands);
  return program;
}

function createCommands(): Command {
  const program = new Command('sixdigit')
    .description('Phone verification that a company owns instead of renting.')
    .version(version)
    .exitOverride()
    .showHelpAfterError('Try: sixdigit --help');
  declareStart(program);
  declareInit(program);
  declareDoctor(program);
  declareVerification(program);
  declareGateway(program);
  declareApps(program);
  declareKeys(program);
  declareSecrets(program);
  declareAudit(program);
  declareCleanup(program);
  declarePrices(program);
  return program;
}
