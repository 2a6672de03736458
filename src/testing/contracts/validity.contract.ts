import { strict as assert } from 'node:assert';
import type { Channel } from '../../common/channel';
import type { GatewayDefinition, SmsMessage } from '../../sms/gateway';
import { validSeconds } from '../../sms/validity';
import type { SeenRequest } from '../fakes/gateway-emulator';
import { currentRunner, type Runner } from '../runner';

/** How a vendor is told, channel by channel, when to give a message up. */
export type ValidityUnderTest = Readonly<
  Partial<
    Record<
      Channel,
      {
        /** What the request says, in seconds. */
        secondsIn(request: SeenRequest): number;
        /** What the channel needs besides. */
        readonly settings?: Readonly<Record<string, string>>;
        readonly message?: Partial<SmsMessage>;
      }
    >
  >
>;

interface Declares {
  readonly definition: Pick<GatewayDefinition, 'channels' | 'validity'>;
  readonly validity: ValidityUnderTest;
}

type AskedFor = (
  message: Partial<SmsMessage>,
  settings: Readonly<Record<string, string>> | undefined,
) => Promise<SeenRequest>;

/** Catches: a constant in place of the code's life, and a new gateway whose codes arrive whenever they like. */
export function validityContract(
  { definition, validity }: Declares,
  askedFor: AskedFor,
  { describe, it }: Runner = currentRunner(),
): void {
  describe('tells the vendor when to give up', () => {
    it('on each channel, or says that it cannot', () => {
      const channels = definition.channels ?? ['sms'];
      assert.deepEqual(Object.keys(definition.validity).sort(), [...channels].sort());
      const told = channels.filter((channel) => 'field' in (definition.validity[channel] ?? {}));
      assert.deepEqual(Object.keys(validity).sort(), told.sort());
    });

    const rows = Object.entries(validity).flatMap(([channel, one]) =>
      [7, 61, 100, 3_725, 900_000].map((left) => [channel as Channel, left, one] as const),
    );
    for (const [channel, secondsLeft, one] of rows)
      it(`on ${channel}, with ${secondsLeft} seconds left`, async () => {
        const field = definition.validity[channel];
        if (!field || !('field' in field)) throw new Error('tested above');
        const request = await askedFor({ ...one.message, channel, secondsLeft }, one.settings);
        assert.equal(one.secondsIn(request), validSeconds({ secondsLeft }, field));
      });
  });
}
