/** From what became of codes to what gateways' breakers learn by it. */
import type { Channel } from '../../common/channel';

/** Codes of one hour, by the gateway that took the last text of their verification. */
export interface Conversions {
  readonly hour: Date;
  readonly country: string | null;
  readonly gateway: string;
  readonly channel: Channel;
  readonly approved: number;
  readonly expired: number;
}

/** Breakers count within half an hour: what is older, or more, tells them nothing new. */
const MAX_TOLD = 500;

/**
 * What has been added since the last look. Codes that failed, or were canceled or superseded, prove neither that
 * the text arrived nor that it did not.
 */
export function conversionsSince(before: readonly Conversions[], now: readonly Conversions[]): Conversions[] {
  const known = new Map(before.map((one) => [keyOf(one), one]));
  return now.flatMap((one) => {
    const old = known.get(keyOf(one));
    const approved = Math.max(0, one.approved - (old?.approved ?? 0));
    const expired = Math.max(0, one.expired - (old?.expired ?? 0));
    // Both by the same factor, so that the rate stays what it is.
    const scale = Math.min(1, MAX_TOLD / (approved + expired));
    const added = { ...one, approved: Math.round(approved * scale), expired: Math.round(expired * scale) };
    return added.approved + added.expired > 0 ? [added] : [];
  });
}

function keyOf({ hour, country, gateway, channel }: Conversions): string {
  return [hour.getTime(), country, gateway, channel].join('/');
}
