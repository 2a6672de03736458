/** By which channels a code goes to a person, and in which order. */
import type { ChannelWait } from '../../../common/channel';
import type { Channel } from '../../../common/channel';
import { DomainError } from '../../../common/errors';
import type { ChannelStep } from '../../slots/slot';

/** What a create says about channels; at most one of `channel` and `channels`. */
export interface ChannelAsk {
  readonly channel?: Channel | undefined;
  readonly channels?: readonly ChannelWait[] | undefined;
  readonly email?: string | undefined;
}

/** What a channel must be to be used. */
export interface ChannelRules {
  /** By the policy of the purpose; at least one. */
  readonly allowed: readonly Channel[];
  /** Whether it leads anywhere for this recipient. */
  readonly isOffered: (channel: Channel) => boolean;
}

/**
 * The steps of a verification; at least one. What the call asks for must be possible; of the application's own
 * order (`settings.channels`) that part is used which is.
 * @throws DomainError `invalid_request`, naming `channel`, `channels.N.channel` or `email`
 */
export function planChannels(
  ask: ChannelAsk,
  defaults: readonly ChannelWait[] | undefined,
  rules: ChannelRules,
): [ChannelStep, ...ChannelStep[]] {
  const asked = ask.channel ? [{ channel: ask.channel, waitSeconds: 0 }] : ask.channels;
  asked?.forEach(({ channel }, index) => {
    requireChannel(channel, ask.channel ? 'channel' : `channels.${index}.channel`, rules, ask.email);
  });
  const usual = defaults?.filter(({ channel }) => isPossible(channel, rules, ask.email));
  const [first, ...rest] = (asked ?? usual ?? []).map(toStep);
  return first ? [first, ...rest] : [{ channel: usualOf(ask, rules), waitMs: 0 }];
}

/** A text, unless it is not allowed: then the first that is. */
function usualOf({ email }: ChannelAsk, rules: ChannelRules): Channel {
  const [first = 'sms'] = rules.allowed;
  const channel = rules.allowed.includes('sms') ? 'sms' : first;
  requireChannel(channel, 'channel', rules, email);
  return channel;
}

/** Whether a message by this channel may be sent, and could go somewhere. */
export function isPossible(channel: Channel, rules: ChannelRules, email: string | null | undefined): boolean {
  return whyNot(channel, rules) === null && (channel !== 'email' || Boolean(email));
}

/** @throws DomainError `invalid_request` when a message by this channel may not be sent, or could go nowhere. */
export function requireChannel(
  channel: Channel,
  path: string,
  rules: ChannelRules,
  email: string | null | undefined,
): void {
  const problem = whyNot(channel, rules);
  if (problem !== null) throw impossible(path, problem);
  if (channel === 'email' && !email)
    throw impossible('email', 'The channel email needs the address of the person.');
}

function whyNot(channel: Channel, { allowed, isOffered }: ChannelRules): string | null {
  if (!allowed.includes(channel))
    return `The policy allows ${allowed.join(', ')} for this purpose; see allowedChannels, or the profile of the application.`;
  // Without a route for it, a text is a delivery that failed: visible, and worth an alarm.
  if (channel === 'sms' || isOffered(channel)) return null;
  const variable = `${channel.toUpperCase()}_ROUTES`;
  return `No gateway is routed for ${channel} here; the operator sets ${variable}, or the application channelRoutes.${channel}.`;
}

function toStep({ channel, waitSeconds }: ChannelWait): ChannelStep {
  return { channel, waitMs: waitSeconds * 1000 };
}

function impossible(path: string, message: string): DomainError {
  return new DomainError('invalid_request', {
    detail: 'The code cannot travel by this channel; nothing was sent.',
    errors: [{ path, message }],
  });
}
