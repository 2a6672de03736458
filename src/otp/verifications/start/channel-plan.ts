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

/** Whether a channel leads anywhere for this recipient. */
export type IsOffered = (channel: Channel) => boolean;

const usual: ChannelStep = { channel: 'sms', waitMs: 0 };

/**
 * The steps of a verification; at least one. What the call asks for must be possible; of the application's own
 * order (`settings.channels`) that part is used which is.
 * @throws DomainError `invalid_request`, naming `channel`, `channels.N.channel` or `email`
 */
export function planChannels(
  ask: ChannelAsk,
  defaults: readonly ChannelWait[] | undefined,
  isOffered: IsOffered,
): [ChannelStep, ...ChannelStep[]] {
  const asked = ask.channel ? [{ channel: ask.channel, waitSeconds: 0 }] : ask.channels;
  asked?.forEach(({ channel }, index) => {
    requireChannel(channel, ask.channel ? 'channel' : `channels.${index}.channel`, isOffered, ask.email);
  });
  const isPossible = ({ channel }: ChannelWait): boolean =>
    channel === 'sms' || (isOffered(channel) && (channel !== 'email' || ask.email !== undefined));
  const possible = asked ?? defaults?.filter(isPossible) ?? [];
  const [first = usual, ...rest] = possible.map(toStep);
  return [first, ...rest];
}

/** @throws DomainError `invalid_request` when a message by this channel could go nowhere. */
export function requireChannel(
  channel: Channel,
  path: string,
  isOffered: IsOffered,
  email: string | null | undefined,
): void {
  // Without a route for it, a text is a delivery that failed: visible, and worth an alarm.
  if (channel !== 'sms' && !isOffered(channel)) {
    const variable = `${channel.toUpperCase()}_ROUTES`;
    throw impossible(
      path,
      `No gateway is routed for ${channel} here; the operator sets ${variable}, or the application channelRoutes.${channel}.`,
    );
  }
  if (channel === 'email' && !email)
    throw impossible('email', 'The channel email needs the address of the person.');
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
