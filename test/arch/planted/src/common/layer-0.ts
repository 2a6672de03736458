import type { Thing } from '../otp/slots/thing';

export const read = (thing: Thing): string => thing.id;
