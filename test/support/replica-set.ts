import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { mongo } from 'mongoose';
import {
  freePort,
  localUri,
  type MongodOptions,
  type MongodProcess,
  startMongod,
} from '../../src/database/mongod/mongod-process';
import { testMongodBinary } from './mongo';

interface Member {
  readonly options: MongodOptions;
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
    const hosts = this.members.map((member) => `127.0.0.1:${member.options.port}`).join(',');
    return `mongodb://${hosts}/${database}?replicaSet=${NAME}`;
  }

  /** Waits for the election, if there is one. */
  async primaryPort(): Promise<number> {
    const deadline = Date.now() + SETTLE_LIMIT_MS;
    while (Date.now() < deadline) {
      for (const member of this.members.filter((each) => each.running)) {
        if (await isPrimary(member.options.port)) return member.options.port;
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
    return member.options.port;
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
    return member.options.port;
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
    const member = this.members.find((each) => each.options.port === port);
    if (!member) throw new Error(`no member on port ${port}`);
    return member;
  }

  private async initiate(): Promise<void> {
    const members = this.members.map((member, n) => ({ _id: n, host: `127.0.0.1:${member.options.port}` }));
    const settings = { electionTimeoutMillis: 1_000, heartbeatIntervalMillis: 200 };
    const client = new mongo.MongoClient(localUri(this.members[0]?.options.port ?? 0));
    try {
      await client.db('admin').command({ replSetInitiate: { _id: NAME, members, settings } });
    } finally {
      await client.close();
    }
  }
}

async function startMember(folder: string, n: number): Promise<Member> {
  const options: MongodOptions = {
    binary: testMongodBinary(),
    dbPath: join(folder, `data${n}`),
    port: await freePort(),
    logPath: join(folder, `mongod${n}.log`),
    replicaSet: NAME,
  };
  return { options, process: await startMongod(options), running: true };
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
  const client = new mongo.MongoClient(localUri(port), {
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
