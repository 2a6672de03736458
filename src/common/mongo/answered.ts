import { withTimeout } from '../with-timeout';

/**
 * What a command came to, or an error like that of a broken connection when that takes too long. Needed wherever other
 * work waits for a command: when a connection is given up while a command is being written to it, the driver waits for
 * that socket for ever, whatever its own time-outs are (seen with 7.8, the same in 7.9: `writeCommand` waits for `drain`
 * of a socket that was destroyed without an error). The command may still take effect.
 */
export function answered<T>(command: Promise<T>, ms: number): Promise<T> {
  return withTimeout(command, ms, late);
}

/** By the driver's name for it, so that it is classified like one. */
const late = (): Error => Object.assign(new Error('no answer in time'), { name: 'MongoNetworkTimeoutError' });
