/** An attack over more prefixes than memory holds: what it costs, and that it makes the guard stricter. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { fold } from '../../src/limits/pumping/fold';
import { PumpingState } from '../../src/limits/pumping/pumping-state';

export interface Flood {
  /** Different 1k blocks, in as many 10k blocks and ranges as they make, one message each. */
  readonly prefixes: number;
  readonly kept: number;
  readonly heapMb: number;
  readonly microsecondsPerMessage: number;
}

/** One a millisecond, each from a recipient of its own that typed its code one time in ten. */
export function flood(prefixes: number): Flood {
  const before = heapMb();
  const state = new PumpingState();
  const cpu = process.cpuUsage();
  for (let i = 0; i < prefixes; i += 1) {
    const entry = {
      // A step that is prime to the number of blocks: none comes twice.
      ...{ block: 10_000_000 + ((i * 7_919) % 89_999_999), country: 'ES', applicationId: 'shop' },
      ...{ recipient: i, at: 1_700_000_000_000 + i },
    };
    fold(state, { ...entry, kind: 'send' });
    if (i % 10 === 0) fold(state, { ...entry, kind: 'conversion' });
  }
  const { user, system } = process.cpuUsage(cpu);
  return {
    prefixes,
    kept: state.prefix1k.size + state.prefix10k.size + state.operator.size + state.recipients.size,
    heapMb: Math.round(heapMb() - before),
    microsecondsPerMessage: Number(((user + system) / prefixes).toFixed(1)),
  };
}

function heapMb(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 2 ** 20;
}
