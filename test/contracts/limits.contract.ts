import type { Channel } from '../../src/common/channel';
import { defaultLimits, type Gateway, type GatewayDefinition, type LimitOwner } from '../../src/sms/gateway';
import { offeredSenders } from '../../src/sms/senders/sender-choice';
import { aDelivery } from '../builders/deliver-input';
import { smsServiceWith } from '../builders/sms-service';
import type { GatewayEmulator } from '../../src/testing/fakes/gateway-emulator';
import { FakeGateway } from '../../src/testing/fakes/fake-gateway';

/** An answer that asks to slow down, and who has to. */
export type LimitUnderTest = readonly [
  name: string,
  channel: Channel,
  status: number,
  body: object,
  limitOf: LimitOwner,
];

interface Limited<Config> {
  readonly definition: GatewayDefinition<Config>;
  readonly accepted: { readonly status: number; readonly body: object };
  readonly limits?: readonly LimitUnderTest[];
}

type Start = (more: Readonly<Record<string, string>>) => Promise<{
  readonly gateway: Gateway;
  readonly config: Config;
  readonly emulator: GatewayEmulator;
  stop(): Promise<void>;
}>;
type Config = unknown;

/**
 * Catches: one busy sender that rests all others, one person who rests everybody, and a limit of the account that is
 * tried again with every sender.
 */
export function limitsContract<C>(
  { definition, accepted, limits = [] }: Limited<C>,
  senders: (channel: Channel) => { settings: Readonly<Record<string, string>>; us: string },
  start: Start,
): void {
  if (limits.length === 0) return;
  describe('asked to slow down', () => {
    it.each(limits)('by %s on %s (%i)', async (_name, channel, status, body, limitOf) => {
      const { settings, us } = senders(channel);
      const { gateway, config, emulator, stop } = await start(settings);
      const own = {
        title: 'x',
        channels: [channel],
        limits: defaultLimits,
        senders: offeredSenders(definition, config),
      };
      const parts = { one: gateway, two: new FakeGateway() };
      const sms = smsServiceWith(parts, { [channel]: '*:one,two' }, { traits: { one: own } });
      const to = (country: string) => sms.deliver(aDelivery({ channel, country }));
      try {
        emulator.answer(status, body);
        expect(await to('US')).toMatchObject({ provider: 'two', attempts: [{ reason: 'rate-limited' }, {}] });
        emulator.answer(accepted.status, accepted.body);
        const paused = limitOf === 'sender' ? us : null;
        expect(sms.report()[0]?.pauses.map(({ sender }) => sender)).toEqual(
          limitOf === 'recipient' ? [] : [paused],
        );
        const served = [(await to('US')).provider, (await to('ES')).provider];
        expect(served).toEqual(
          { account: ['two', 'two'], sender: ['two', 'one'], recipient: ['one', 'one'] }[limitOf],
        );
      } finally {
        await stop();
      }
    });
  });
}
