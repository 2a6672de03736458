import type { Command } from 'commander';
import { declare, wholeNumber } from '../declare';

export interface DoctorOptions {
  readonly json?: boolean;
  readonly offline?: boolean;
  readonly timeout: number;
}

export function declareDoctor(program: Command): void {
  declare(
    program,
    'doctor',
    'Look at everything that a server needs: settings, keys, database, clock, gateways, the way out, this machine. It ' +
      'changes nothing, and works beside a running server. Exit code 1 when there is a problem.',
    'sixdigit doctor --offline',
  )
    .option('--offline', 'call nobody but the database: no gateway, no PUBLIC_URL')
    .option('--timeout <seconds>', 'how long each of them may take', wholeNumber(1, 120), 10)
    .action(async (options: DoctorOptions) => (await import('./doctor.command.js')).doctor(options));
}
