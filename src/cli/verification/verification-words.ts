import { fields } from '../terminal/table';

/** What of a verification is looked at here. */
export interface Verification {
  readonly id: string;
  readonly status: string;
  readonly to: string | null;
  readonly channel: string;
  readonly expiresAt: string;
  readonly checks: { readonly used: number; readonly max: number };
  readonly deliveries: readonly {
    readonly provider: string | null;
    readonly state: string;
    readonly errorCode: string | null;
  }[];
}

export interface CheckedVerification extends Verification {
  readonly valid: boolean;
}

export function sentWords({ id, status, channel, expiresAt, deliveries }: Verification): string {
  const [delivery] = deliveries;
  const by = delivery && `${delivery.state}${delivery.provider === null ? '' : ` (${delivery.provider})`}`;
  const error = delivery?.errorCode ?? undefined;
  return [
    fields({ id, status, channel, message: by, error, expires: expiresAt }),
    '',
    `Check the code: sixdigit check ${id}`,
  ].join('\n');
}

export function checkedWords({ status, checks, valid }: CheckedVerification): string {
  if (valid) return 'The code is right: approved.';
  const left = checks.max - checks.used;
  return `The code is wrong: ${status}, ${left} ${left === 1 ? 'try' : 'tries'} left.`;
}
