/** Which sender an application may choose, and which it does. */
import type { z } from 'zod';
import { settingSchema } from '../../../config/plugin-env';
import type { Channel } from '../../common/channel';
import type { GatewayDefinition } from '../gateway';
import { type Sender, senderFor, type SenderList, senderOf, spelled } from './sender';

/** What an application sets: for one gateway and channel, for a purpose or all. */
export interface SenderSetting {
  /** A gateway or an account. */
  readonly gateway: string;
  /** Absent: `sms`. */
  readonly channel?: Channel;
  /** Absent: every purpose. */
  readonly purpose?: string;
  /** In the form of the gateway's own setting: one sender, or one for each country. */
  readonly from: string;
}

export type ReadChoice =
  { readonly ok: true; readonly list: SenderList } | { readonly ok: false; readonly problem: string };

/** The senders of a configured gateway. */
export interface OfferedSenders {
  /** What the operator lets applications choose; null: the gateway knows no senders on this channel. */
  choices(channel: Channel): readonly string[] | null;
  /** A sender, or one for each country, all of them among the choices; or what is wrong. */
  read(channel: Channel, text: string): ReadChoice;
  /** Whom a message is from; null: its channel knows no senders here, or none is named for its country. */
  of(message: {
    readonly channel: Channel;
    readonly country: string | null;
    /** The one that the application has chosen, if any. */
    readonly sender: Sender | null;
  }): Sender | null;
}

/** @param config validated */
export function offeredSenders(
  { config: schema, senders = {} }: Pick<GatewayDefinition, 'config' | 'senders'>,
  config: unknown,
): OfferedSenders {
  const settings = config as Readonly<Record<string, SenderList | undefined>>;
  const allowed = (settings['allowedSenders'] ?? []) as unknown as readonly string[];
  const choices = (channel: Channel) => {
    const key = senders[channel];
    return key === undefined ? null : [...new Set([...(settings[key] ?? []).map(spelled), ...allowed])];
  };
  const read = (channel: Channel, text: string): ReadChoice => {
    const [key, all] = [senders[channel], choices(channel)];
    if (key === undefined || !all) return { ok: false, problem: `has no senders on the channel ${channel}` };
    const parsed = readSetting(settingSchema(schema, key), text, settings[key]);
    if (typeof parsed === 'string') return { ok: false, problem: parsed };
    const list = parsed;
    const stranger = list.find((one) => !all.includes(spelled(one)));
    if (!stranger) return { ok: true, list };
    return {
      ok: false,
      problem: `"${spelled(stranger)}" is not among the senders that the operator allows: ${all.join(', ') || 'none'}`,
    };
  };
  const of: OfferedSenders['of'] = (message) => {
    const key = senders[message.channel];
    return key === undefined ? null : senderOf(settings[key], message);
  };
  return { choices, read, of };
}

/** A gateway's own setting may have to name a sender for all other countries; a choice may leave those to it. */
function readSetting(schema: z.ZodType | undefined, text: string, own: SenderList = []): SenderList | string {
  if (!schema) return 'is no sender';
  const whole = schema.safeParse(text);
  if (whole.success) return whole.data as SenderList;
  const others = senderFor(own, null);
  const completed = schema.safeParse(others ? `${text};*:${spelled(others)}` : text);
  if (completed.success) return (completed.data as SenderList).filter(({ country }) => country !== '*');
  return whole.error.issues[0]?.message ?? 'is no sender';
}

/** The application's own sender, that of the purpose first; null: the gateway's settings decide. */
export function chosenSender(
  settings: readonly SenderSetting[],
  offered: OfferedSenders,
  to: { gateway: string; channel: Channel; purpose: string; country: string | null },
): Sender | null {
  const own = settings.filter(
    ({ gateway, channel = 'sms' }) => gateway === to.gateway && channel === to.channel,
  );
  const inOrder = [
    ...own.filter(({ purpose }) => purpose === to.purpose),
    ...own.filter(({ purpose }) => purpose === undefined),
  ];
  for (const { from } of inOrder) {
    // What the operator does not allow any more is passed over, as if it were not set.
    const read = offered.read(to.channel, from);
    const sender = read.ok ? senderFor(read.list, to.country) : null;
    if (sender) return sender;
  }
  return null;
}
