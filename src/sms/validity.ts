/** No code arrives after its life: how a vendor is told when to give a message up. */
import type { Channel } from '../common/channel';

/** What the vendor calls it, and what it takes; the vendor may write the time in another unit. */
export interface ValidityField {
  readonly field: string;
  readonly minSeconds: number;
  readonly maxSeconds: number;
  /** 60 for a vendor that counts in minutes. */
  readonly stepSeconds: number;
}

/** A field of the vendor's, or why there is none and what that means: Markdown, one or two sentences. */
export type Validity = ValidityField | { readonly none: string };

/** For every channel of a gateway: what nobody thought of would be a code that arrives too late. */
export type ValidityByChannel = Readonly<Partial<Record<Channel, Validity>>>;

/** What WhatsApp does when nobody reads is a matter of the template; no call changes it. */
export const templateAlone: Validity = {
  none: 'The template alone says how long WhatsApp tries: set its time to live (`message_send_ttl_seconds`), at Meta, to no more than codes live.',
};

export function validityField(
  field: string,
  minSeconds: number,
  maxSeconds: number,
  stepSeconds = 1,
): ValidityField {
  return { field, minSeconds, maxSeconds, stepSeconds };
}

/**
 * What the vendor is told for a code with `secondsLeft`, in seconds: rounded down to its step. With less left than
 * the vendor takes, its minimum: the message mostly arrives within seconds, and not sending it would help nobody.
 */
export function validSeconds(
  { secondsLeft }: { readonly secondsLeft: number },
  { minSeconds, maxSeconds, stepSeconds }: ValidityField,
): number {
  const inSteps = Math.floor(Math.min(secondsLeft, maxSeconds) / stepSeconds) * stepSeconds;
  return Math.max(inSteps, minSeconds);
}
