import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { mongo } from 'mongoose';
import {
  freePort,
  type MongodOptions,
  type MongodProcess,
  startMongod,
} from '../../src/database/mongod/mongod-process';
import { directUri } from '../../src/database/mongod/mongod-address';
import { testMongodBinary } from './mongo';

interface Member {
  readonly options: MongodOptions;
  readonly port: number;
  process: MongodProcess;
  running: boolean;
}

const NAME = 'failover';
const SETTLE_LIMIT_MS = 30_000;

/** Three mongod that elect a primary within about two seconds, for fail-over tests. Stop it in `afterAll`. */
export class TestReplicaSet {
  private constructor(
    private readonly folder: string,
    private readonly members: Member[],
  ) {}

  static async start(size = 3): Promise<TestReplicaSet> {
    const folder = await mkdtemp(join(tmpdir(), 'sixdigit-set-'));
    const set = new TestReplicaSet(folder, []);
    try {
      for (let n = 0; n < size; n++) set.members.push(await startMember(folder, n));
      await set.initiate();
      await set.settled();
      return set;
    } catch (error) {
      await set.stop();
      throw error;
    }
  }

  uri(database = ''): string {
    const hosts = this.members.map((member) => `127.0.0.1:${member.port}`).join(',');
    return `mongodb://${hosts}/${database}?replicaSet=${NAME}`;
  }

  /** Waits for the election, if there is one. */
  async primaryPort(): Promise<number> {
    const deadline = Date.now() + SETTLE_LIMIT_MS;
    while (Date.now() < deadline) {
      for (const member of this.members.filter((each) => each.running)) {
        if (await isPrimary(member.port)) return member.port;
      }
      await sleep(50);
    }
    throw new Error(`no primary within ${SETTLE_LIMIT_MS / 1000} s`);
  }

  /** Waits until every running member is primary or secondary, so that losing one leaves a majority. */
  async settled(): Promise<void> {
    const deadline = Date.now() + SETTLE_LIMIT_MS;
    const running = this.members.filter((each) => each.running).length;
    while (Date.now() < deadline) {
      if ((await membersInService(await this.primaryPort())) >= running) return;
      await sleep(50);
    }
    throw new Error(`not all members in service within ${SETTLE_LIMIT_MS / 1000} s`);
  }

  /** SIGKILL, by default the primary. Returns its port, for `restart`. */
  async kill(port?: number): Promise<number> {
    const member = this.member(port ?? (await this.primaryPort()));
    member.running = false;
    await member.process.kill();
    return member.port;
  }

  async restart(port: number): Promise<void> {
    const member = this.member(port);
    member.process = await startMongod(member.options);
    member.running = true;
    await this.settled();
  }

  /** SIGSTOP, by default the primary: its connections stay open and nothing answers. */
  async pause(port?: number): Promise<number> {
    const member = this.member(port ?? (await this.primaryPort()));
    member.running = false;
    process.kill(member.process.pid, 'SIGSTOP');
    return member.port;
  }

  resume(port: number): void {
    const member = this.member(port);
    process.kill(member.process.pid, 'SIGCONT');
    member.running = true;
  }

  async stop(): Promise<void> {
    await Promise.all(this.members.map((member) => member.process.kill()));
    await rm(this.folder, { recursive: true, force: true });
  }

  private member(port: number): Member {
    const member = this.members.find((each) => each.port === port);
    if (!member) throw new Error(`no member on port ${port}`);
    return member;
  }

  private async initiate(): Promise<void> {
    const members = this.members.map((member, n) => ({ _id: n, host: `127.0.0.1:${member.port}` }));
    const settings = { electionTimeoutMillis: 1_000, heartbeatIntervalMillis: 200 };
    const client = new mongo.MongoClient(directUri({ port: this.members[0]?.port ?? 0 }));
    try {
      await client.db('admin').command({ replSetInitiate: { _id: NAME, members, settings } });
    } finally {
      await client.close();
    }
  }
}

async function startMember(folder: string, n: number): Promise<Member> {
  const port = await freePort();
  const options: MongodOptions = {
    binary: testMongodBinary(),
    dbPath: join(folder, `data${n}`),
    address: { port },
    logPath: join(folder, `mongod${n}.log`),
    replicaSet: NAME,
  };
  return { options, port, process: await startMongod(options), running: true };
}

async function isPrimary(port: number): Promise<boolean> {
  return (await ask(port, { hello: 1 }))?.['isWritablePrimary'] === true;
}

async function membersInService(port: number): Promise<number> {
  const status = await ask(port, { replSetGetStatus: 1 });
  const members = (status?.['members'] ?? []) as { stateStr: string }[];
  return members.filter(({ stateStr }) => stateStr === 'PRIMARY' || stateStr === 'SECONDARY').length;
}

/** Null when that member does not answer. */
async function ask(port: number, command: mongo.Document): Promise<mongo.Document | null> {
  const client = new mongo.MongoClient(directUri({ port }), {
    serverSelectionTimeoutMS: 300,
    socketTimeoutMS: 500,
  });
  try {
    return await client.db('admin').command(command);
  } catch {
    return null;
  } finally {
    await client.close();
  }
}
