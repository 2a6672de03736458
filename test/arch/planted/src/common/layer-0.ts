import type { Thing } from '../otp/thing';

export const read = (thing: Thing): string => thing.id;
