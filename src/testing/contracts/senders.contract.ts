import { strict as assert } from 'node:assert';
import { settingSchema } from '../../../config/plugin-env';
import type { Channel } from '../../common/channel';
import type { GatewayDefinition, SmsMessage } from '../../sms/gateway';
import type { SeenRequest } from '../fakes/gateway-emulator';
import { currentRunner, type Runner } from '../runner';

interface Sends {
  readonly definition: Pick<GatewayDefinition, 'config' | 'senders'>;
  /** What a channel needs besides its sender. */
  readonly channelSettings?: Readonly<Partial<Record<Channel, Readonly<Record<string, string>>>>>;
}

type AskedFor = (
  message: Partial<SmsMessage>,
  settings: Readonly<Record<string, string>>,
) => Promise<SeenRequest>;

const [US, OTHERS, CHOSEN] = ['12015550111', '12015550122', '12015550133'] as const;
const [ENTITY, TEMPLATE] = ['1101456320000012345', '1107161234567890123'] as const;

/** Settings with a sender for the US and one for all others; some vendors want the plus, others refuse it. */
export function twoSenders({ definition, channelSettings = {} }: Sends, channel: Channel) {
  const key = definition.senders?.[channel] ?? '';
  const plus = settingSchema(definition.config, key)?.safeParse(`+${OTHERS}`).success === true ? '+' : '';
  const settings = { ...channelSettings[channel], [key]: `US:${plus}${US};*:${plus}${OTHERS}` };
  return { key, plus, settings, us: plus + US };
}

/** Catches: one sender for all countries, and a gateway that does not ask what the application has chosen. */
export function sendersContract(
  gateway: Sends,
  askedFor: AskedFor,
  { describe, it }: Runner = currentRunner(),
): void {
  const { config, senders = {} } = gateway.definition;
  const takes = (key: string, text: string) => settingSchema(config, key)?.safeParse(text).success === true;

  for (const channel of Object.keys(senders) as Channel[])
    describe(`as sender on ${channel}`, () => {
      const { key, plus, settings } = twoSenders(gateway, channel);
      const receiptUrl = 'https://verify.example.com/v1/receipts/any/ticket';
      const shown = async (message: Partial<SmsMessage>, more: Readonly<Record<string, string>> = {}) => {
        const { path, body } = await askedFor({ channel, receiptUrl, ...message }, { ...settings, ...more });
        return [US, OTHERS, CHOSEN, ENTITY, TEMPLATE].filter((one) => `${path} ${body}`.includes(one));
      };

      it('takes that of the country, else that of all others', async () => {
        assert.deepEqual(await shown({ country: 'US' }), [US]);
        assert.deepEqual(await shown({ country: 'ES' }), [OTHERS]);
        assert.deepEqual(await shown({ country: null }), [OTHERS]);
      });

      it('takes the one that the application has chosen', async () => {
        assert.deepEqual(await shown({ country: 'US', sender: { from: plus + CHOSEN, dlt: null } }), [
          CHOSEN,
        ]);
      });

      it("sends the ids of India's register, or refuses them at the start", async () => {
        const from = `IN:${plus}${US}/${ENTITY}/${TEMPLATE};*:${plus}${OTHERS}`;
        if (!takes(key, `IN:ACME/${ENTITY}/${TEMPLATE};*:ACME`)) return;
        assert.deepEqual(await shown({ country: 'IN' }, { [key]: from }), [US, ENTITY, TEMPLATE]);
        assert.deepEqual(await shown({ country: 'ES' }, { [key]: from }), [OTHERS]);
      });
    });
}
