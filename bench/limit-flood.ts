/**
 * `npm run bench:limit-flood -- --keys 10000000`: an attack with a fresh number, address and device for each create, by the
 * built-in limits, over a real mongod. Prints what it leaves in memory and on disk.
 */
import { parseArgs } from 'node:util';
import { mongo } from 'mongoose';
import { DURABLE_CLIENT_OPTIONS } from '../src/database/durable-connection';
import { LIMIT_LOG } from '../src/limits/log/limit-log.repository';
import { aSend, limitsInstance, stopInstances } from '../test/support/limits-instance';
import { endWith, withOwnMongod } from '../test/support/own-engine';

const { values } = parseArgs({ options: { keys: { type: 'string', default: '10000000' } } });

/** Number, the same over the installation, block of 1,000, address, network and device are new each time. */
const KEYS_EACH = 6;
const AT_ONCE = 256;

const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;

endWith(
  withOwnMongod('flood', async (uri) => {
    const client = await new mongo.MongoClient(uri, DURABLE_CLIENT_OPTIONS).connect();
    const db = client.db('flood');
    const { counts } = await limitsInstance(db);
    const creates = Math.ceil(Number(values.keys) / KEYS_EACH);
    const before = process.memoryUsage().rss;
    let next = 0;
    let passed = 0;
    const flood = async (): Promise<void> => {
      while (next < creates) {
        const n = next++;
        const { refused } = await counts.charge(
          aSend({
            applicationId: `app${n % 100}`,
            number: `+4${String(n * 1_009).padStart(12, '0')}`,
            country: null,
            clientIp: `2001:${(0x400 + (n >> 16)).toString(16)}:${(n & 0xffff).toString(16)}::1`,
            deviceId: String(n),
            settings: { limits: { country: { disabled: true } } },
          }),
        );
        if (!refused) passed += 1;
        // Refused from memory, nothing is waited for: the database's answers must get their turn.
        else await new Promise((resolve) => setImmediate(resolve));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, flood));
    await stopInstances();
    const { storageSize, size } = (await db.command({ collStats: LIMIT_LOG })) as unknown as {
      storageSize: number;
      size: number;
    };
    console.log(`${creates} creates, ${creates * KEYS_EACH} distinct keys: ${passed} let through`);
    console.log(`memory: ${megabytes(before)} before, ${megabytes(process.memoryUsage().rss)} after`);
    console.log(`log: ${megabytes(size)} of data, ${megabytes(storageSize)} on disk`);
    await client.close();
    return passed <= 50_000;
  }),
);
