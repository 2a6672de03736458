import { setTimeout as sleep } from 'node:timers/promises';
import { mongo } from 'mongoose';
import { directUri, memberHost, type MongodAddress } from './mongod-address';

const PRIMARY_LIMIT_MS = 30_000;
const NOT_YET_INITIALIZED = 94;

/**
 * Makes the mongod at this address the only member of its replica set, under this very address, and waits until
 * it takes writes. A set whose data come from another address is told the new one.
 */
export async function becomeOneNodeSet(address: MongodAddress, name: string): Promise<void> {
  const client = new mongo.MongoClient(directUri(address), { serverSelectionTimeoutMS: 5_000 });
  try {
    const admin = client.db('admin');
    await configure(admin, { _id: name, members: [{ _id: 0, host: memberHost(address) }] });
    await untilWritable(admin);
  } finally {
    await client.close();
  }
}

interface SetConfig {
  _id: string;
  version?: number;
  members: { _id: number; host: string }[];
}

async function configure(admin: mongo.Db, wanted: SetConfig): Promise<void> {
  const present = await currentConfig(admin);
  if (!present) {
    await admin.command({ replSetInitiate: wanted });
    return;
  }
  if (present.members.length === 1 && present.members[0]?.host === wanted.members[0]?.host) return;
  // Forced, because a member that does not find itself in its set has no primary to ask.
  const config = { ...present, members: wanted.members, version: (present.version ?? 0) + 1 };
  await admin.command({ replSetReconfig: config, force: true });
}

async function currentConfig(admin: mongo.Db): Promise<SetConfig | null> {
  try {
    return ((await admin.command({ replSetGetConfig: 1 })) as unknown as { config: SetConfig }).config;
  } catch (error) {
    if (error instanceof mongo.MongoServerError && error.code === NOT_YET_INITIALIZED) return null;
    throw error;
  }
}

async function untilWritable(admin: mongo.Db): Promise<void> {
  const deadline = Date.now() + PRIMARY_LIMIT_MS;
  while (Date.now() < deadline) {
    const hello = await admin.command({ hello: 1 });
    if (hello['isWritablePrimary'] === true) return;
    await sleep(20);
  }
  throw new Error(`mongod did not take writes within ${PRIMARY_LIMIT_MS / 1000} s`);
}
