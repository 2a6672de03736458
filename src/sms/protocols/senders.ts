/** Settings that hold senders, and what a gateway makes of them for one message. */
import { z } from 'zod';
import type { Channel } from '../../common/channel';
import type { SmsMessage } from '../gateway';
import {
  type DltIds,
  readSenders,
  type Sender,
  senderFor,
  type SenderList,
  senderOf,
  type SenderRule,
  splitSenders,
} from '../senders/sender';

/**
 * A setting of senders: one for all countries, or `ES:ACME;*:+12015550123`.
 * @param accepts what the vendor takes as a sender
 * @param remedy what to write instead of one that it does not take
 * @param dlt whether a sender may carry the ids of India's registry
 */
export function sendersSetting(accepts: RegExp | SenderRule['accepts'], remedy: string, dlt = false) {
  const rule = {
    accepts: accepts instanceof RegExp ? (from: string) => accepts.test(from) : accepts,
    remedy,
    dlt,
  };
  return z.string().transform((text, context): SenderList => {
    const read = readSenders(text, rule);
    if (read.ok) return read.list;
    context.addIssue(read.problem);
    return z.NEVER;
  });
}

export function everySender(list: SenderList): boolean {
  return list.some(({ country }) => country === '*');
}

/** Where a message cannot be without a sender: what is not named needs one too. */
export const everySendersSetting = (...rule: Parameters<typeof sendersSetting>) =>
  sendersSetting(...rule).refine(everySender, 'must have a sender for all other countries as well; add *:…');

/** A number of ours in E.164. */
export const numberSenders = () =>
  sendersSetting(/^\+[1-9]\d{6,14}$/, 'must be a number with plus and country code, such as +12015550123');

/** A setting of senders that applications may choose besides those of the gateway's own settings. */
export const allowedSendersSetting = () =>
  z
    .string()
    .transform(splitSenders)
    .optional()
    .describe('Senders, with semicolons between them, that applications may choose besides those set here');

type Message = Pick<SmsMessage, 'channel' | 'country' | 'sender'>;

/** Settings with one sender in place of each list. */
export type WithSenders<Settings, Key extends keyof Settings> = Omit<Settings, Key> & {
  readonly [P in Key]: undefined extends Settings[P] ? string | undefined : string;
} & {
  /** Of the sender of the message's channel. */
  readonly dlt: DltIds | null;
};

/**
 * The settings as this message sees them: of each list the sender for its country, and on its own channel the one that
 * the application has chosen.
 * @param keys which setting holds the senders of a channel, as in the definition
 */
export function sendersFor<Settings extends object, Key extends keyof Settings & string>(
  settings: Settings,
  keys: Readonly<Partial<Record<Channel, Key>>>,
  { channel, country, sender }: Message,
): WithSenders<Settings, Key> {
  const chosen = new Map<string, Sender | null>();
  for (const key of Object.values<Key>(keys)) {
    const list = settings[key] as SenderList | undefined;
    chosen.set(key, list ? senderFor(list, country) : null);
  }
  const own = keys[channel];
  if (own !== undefined)
    chosen.set(own, senderOf(settings[own] as SenderList | undefined, { country, sender }));
  const names = Object.fromEntries(Array.from(chosen, ([key, one]) => [key, one?.from]));
  const dlt = (own === undefined ? null : chosen.get(own)?.dlt) ?? null;
  return { ...settings, ...names, dlt } as WithSenders<Settings, Key>;
}
