/**
 * One process that charges limits as fast as it can, until it is killed: a line `key` on standard output for every send
 * that was let through. Arguments: URI, database, keys, max, mode. `riding`: each send is a slot of its own, `<key> …`,
 * and nobody waits until others are quiet.
 */
import { randomInt } from 'node:crypto';
import { mongo } from 'mongoose';
import { newId } from '../../src/common/ids';
import { DURABLE_CLIENT_OPTIONS } from '../../src/database/durable-connection';
import { aCreate } from '../builders/slot-commands.builder';
import { chargedSends } from '../support/charged-sends';
import { aSend, onlyLimits } from '../support/limits-instance';

const [uri = '', database = '', keys = '1', max = '1', mode = ''] = process.argv.slice(2);
const settings = onlyLimits({ l: { by: ['number'], max: Number(max), windowSeconds: 3_600 } });
const AT_ONCE = 8;
const QUIET_EVERY_MS = 20;

type Instance = Awaited<ReturnType<typeof chargedSends>>;

async function send(instance: Instance, key: number): Promise<boolean> {
  const call = aSend({ number: `+3460000${String(key).padStart(4, '0')}`, settings });
  if (mode !== 'riding') return (await instance.counts.charge(call)).refused === null;
  const sent = await instance.send(call, aCreate({ slotId: `${key} ${newId()}` }));
  return sent === 'started';
}

async function charge(instance: Instance): Promise<never> {
  for (;;) {
    const key = randomInt(Number(keys));
    // A primary that dies leaves answers open.
    if (await send(instance, key).catch(() => false)) process.stdout.write(`${key}\n`);
    // Refused from memory, nothing is waited for: others must get their turn.
    else await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

void (async () => {
  const client = await new mongo.MongoClient(uri, DURABLE_CLIENT_OPTIONS).connect();
  const instance = await chargedSends(client.db(database));
  if (mode === 'riding') setInterval(instance.beQuiet, QUIET_EVERY_MS);
  process.stdout.write('ready\n');
  await Promise.all(Array.from({ length: AT_ONCE }, () => charge(instance)));
})();
