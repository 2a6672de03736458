/** One instance of the app as far as a send and what it is charged are concerned, on the real database. */
import type { mongo } from 'mongoose';
import type { AuditService } from '../../src/audit/audit.service';
import { CountsGate } from '../../src/limits/counts/counts.gate';
import type { SendCall } from '../../src/limits/gate';
import { create, type CreateCommand, type CreateOutcome } from '../../src/otp/slots/rules/create';
import { AdmissionService } from '../../src/otp/verifications/admission/admission.service';
import { written } from '../../src/otp/verifications/admission/written';
import { aCreate } from '../builders/slot-commands.builder';
import { limitsInstance } from './limits-instance';
import { SlotInstance } from './slot-instance';

type Sent = CreateOutcome['kind'] | 'refused';

/** So long an instance hears of nobody before it lets charges ride. */
const QUIET_MS = 3_001;

export async function chargedSends(db: mongo.Db) {
  const limits = await limitsInstance(db);
  const slots = new SlotInstance(db);
  const admission = new AdmissionService([new CountsGate(limits.counts)], {} as AuditService);

  const send = async (call: SendCall, command: CreateCommand = aCreate()): Promise<Sent> => {
    const { answered, admission: last } = await written(await admission.admit(call), {
      foresee: async (): Promise<Sent> => 'refused',
      write: async ({ rider }) => {
        const options = { op: command.op, mayBegin: true, rider } as const;
        return (await slots.run(create, command.slot._id, command, options)).kind;
      },
    });
    if (answered !== 'started') last.undo();
    return answered;
  };

  return {
    ...limits,
    slots,
    admission,
    send,
    /** Nothing of others came for a while. */
    beQuiet: (): void => void (limits.skew.ms += QUIET_MS),
    /** What the log has of this call, by its first limit. */
    count: async (call: SendCall): Promise<number | null | undefined> =>
      (await limits.counts.preview(call))[0]?.value,
  };
}
