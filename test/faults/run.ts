/** `npm run faults -- --cycles 1000 [--clients 8] [--seed 1]`: the kill campaign of `npm test`, for as long as one likes. */
import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findMongod } from '../../src/database/mongod/mongod-binary';
import { freePort, startMongod } from '../../src/database/mongod/mongod-process';
import { becomeOneNodeSet } from '../../src/database/mongod/one-node-set';
import { runKillCampaign, VERIFICATIONS_PER_KILL } from './kill-campaign';

const { values } = parseArgs({
  options: {
    cycles: { type: 'string', default: '1000' },
    clients: { type: 'string', default: '8' },
    seed: { type: 'string', default: String(randomInt(1_000_000)) },
  },
});

/** With a mongod of its own, so that nobody else's load or data is in it. */
async function run(): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'sixdigit-faults-'));
  const binary = await findMongod({
    mongodBinary: process.env['MONGOD_BINARY'] ?? null,
    dataDir: '.sixdigit',
  });
  const address = { port: await freePort() };
  const mongod = await startMongod({
    binary,
    dbPath: join(folder, 'data'),
    address,
    logPath: join(folder, 'mongod.log'),
    replicaSet: 'faults',
  });
  try {
    await becomeOneNodeSet(address, 'faults');
    const mongoUri = `mongodb://127.0.0.1:${address.port}/faults?replicaSet=faults`;
    const [cycles, clients, seed] = [Number(values.cycles), Number(values.clients), Number(values.seed)];
    console.log(`${cycles} kills, ${clients} clients, seed ${seed}`);
    const report = await runKillCampaign({ mongoUri, cycles, clients, seed, log: console.log });
    console.log(JSON.stringify(report, null, 2));
    return report.broken.length === 0 && report.verifications > cycles * VERIFICATIONS_PER_KILL;
  } finally {
    await mongod.kill();
    await rm(folder, { recursive: true, force: true });
  }
}

// The mongod is detached and keeps nobody alive: without this the script could end while it waits for its exit.
setInterval(() => undefined, 60_000);

run().then(
  (whole) => process.exit(whole ? 0 : 1),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
