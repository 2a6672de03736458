/** How a code travels. The order means nothing; an order of preference is the caller's. */
export const channels = ['sms', 'voice', 'whatsapp', 'email'] as const;
export type Channel = (typeof channels)[number];

/** A channel of `settings.channels`, and how long the person has until the next one is tried. */
export interface ChannelWait {
  readonly channel: Channel;
  /** 10–600; the last channel's is without meaning. */
  readonly waitSeconds: number;
}
