import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isSocketPath } from './mongod-address';

/** The sockets of one mongod, in a folder that only this account may enter. */
export interface SocketFolder {
  /** Where mongod listens from its start on. */
  readonly starting: string;
  /** Where clients find it once it takes writes. */
  readonly ready: string;
  /** Whether it is not in the data folder. */
  readonly isElsewhere: boolean;
  /** Makes the mongod that listens at `starting` the one at `ready`, in the place of one that has died. */
  open(): Promise<void>;
  remove(): Promise<void>;
}

/**
 * In the data folder of mongod, which has mode 0700. A path that is too long for a socket, or has letters that
 * MongoDB does not take, is replaced by a new folder of mode 0700 for temporary files.
 */
export async function socketFolder(dbPath: string): Promise<SocketFolder> {
  const inData = socketsIn(dbPath);
  if (isSocketPath(inData.ready)) {
    return { ...inData, isElsewhere: false, remove: () => rm(inData.ready, { force: true }) };
  }
  const folder = await mkdtemp(join(tmpdir(), 'sixdigit-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  const elsewhere = socketsIn(folder);
  if (isSocketPath(elsewhere.ready)) return { ...elsewhere, isElsewhere: true, remove };
  await remove();
  throw new Error(`neither ${dbPath} nor ${tmpdir()} can hold a socket; a shorter DATA_DIR helps`);
}

/**
 * Two names, because mongod listens before it takes writes. A client that came so early would be told that this is
 * no primary, instead of waiting for it. The name of a socket may change while it is in use.
 */
function socketsIn(folder: string): Pick<SocketFolder, 'starting' | 'ready' | 'open'> {
  const [starting, ready] = [join(folder, 'start.sock'), join(folder, 'mongod.sock')];
  return { starting, ready, open: () => rename(starting, ready) };
}
