/** Which screen a person is to see. */
import type { Ended, Screen } from '../../../web/verify/contract';
import type { DeliveryView, VerificationView } from '../../otp/verifications/read/verification.view';
import type { Process } from '../process/process';
import type { Standing } from '../process/rules';
import type { Trouble } from './trouble';

export interface Shown {
  readonly screen: Screen;
  readonly ended: Ended | null;
}

const closed: Readonly<Record<Exclude<Standing, 'open'>, Screen>> = {
  done: 'done',
  used: 'link_used',
  elsewhere: 'elsewhere',
  canceled: 'cancelled',
  over: 'link_expired',
};

/** @param verification of the process's code; null: none is under way, or it is forgotten */
export function screenOf(
  process: Process,
  standing: Standing,
  verification: VerificationView | null,
  trouble: Trouble,
): Shown {
  if (standing !== 'open') return { screen: closed[standing], ended: null };
  if (trouble.screen) return { screen: trouble.screen, ended: null };
  if (!process.code) return { screen: beginningOf(process), ended: null };
  return verification ? progressOf(verification) : { screen: 'ended', ended: 'expired' };
}

function beginningOf({ personal }: Process): Screen {
  return personal.to === null || personal.isTyped ? 'number' : 'confirm';
}

/**
 * Approved here means: by a check of somebody else. Whoever typed the code into another process has proved nothing in
 * this one.
 */
const endings: Readonly<Record<Exclude<VerificationView['status'], 'pending'>, Ended>> = {
  approved: 'used',
  failed: 'failed',
  expired: 'expired',
  canceled: 'expired',
  superseded: 'expired',
};

function progressOf({ status, deliveries }: VerificationView): Shown {
  if (status !== 'pending') return { screen: 'ended', ended: endings[status] };
  const isLost = deliveries.length > 0 && deliveries.every(isRefused);
  return { screen: isLost ? 'unreachable' : 'code', ended: null };
}

const isRefused = ({ state }: DeliveryView): boolean => state === 'rejected' || state === 'undelivered';
