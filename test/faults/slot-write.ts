import { SLOTS } from '../../src/otp/slots/slot.schema';
import { testServerUri } from '../support/mongo';

export const mongodPort = (): number => Number(new URL(testServerUri()).port);

/** As the command stands in BSON: a write to the collection of slots, and to no other. */
export const SLOT_WRITE = `update\0\u0006\0\0\0${SLOTS}\0`;
