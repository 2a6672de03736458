/**
 * One process that charges limits as fast as it can, until it is killed: a line `key` on standard output for every send
 * that was let through. Arguments: URI, database, keys, max.
 */
import { randomInt } from 'node:crypto';
import { mongo } from 'mongoose';
import { DURABLE_CLIENT_OPTIONS } from '../../src/database/durable-connection';
import { aSend, limitsInstance, onlyLimits } from '../support/limits-instance';

const [uri = '', database = '', keys = '1', max = '1'] = process.argv.slice(2);
const settings = onlyLimits({ l: { by: ['number'], max: Number(max), windowSeconds: 3_600 } });
const AT_ONCE = 8;

async function charge(counts: Awaited<ReturnType<typeof limitsInstance>>['counts']): Promise<void> {
  for (;;) {
    const key = randomInt(Number(keys));
    const number = `+3460000${String(key).padStart(4, '0')}`;
    const { refused } = await counts.charge(aSend({ number, settings }));
    if (!refused) process.stdout.write(`${key}\n`);
    // Refused from memory, nothing is waited for: others must get their turn.
    else await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

void (async () => {
  const client = await new mongo.MongoClient(uri, DURABLE_CLIENT_OPTIONS).connect();
  const { counts } = await limitsInstance(client.db(database));
  process.stdout.write('ready\n');
  await Promise.all(Array.from({ length: AT_ONCE }, () => charge(counts)));
})();
