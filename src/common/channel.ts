/** How a code travels. The order means nothing; an order of preference is the caller's. */
export const channels = ['sms', 'voice', 'whatsapp', 'email'] as const;
export type Channel = (typeof channels)[number];
