import type { Channel } from '../../common/channel';
import { UndiciHttpClient } from '../../common/outbound/http-client.service';
import type { Gateway, GatewayDefinition, SmsOutcome } from '../../sms/gateway';
import { GatewayEmulator, type SeenRequest } from '../fakes/gateway-emulator';
import { gatewayTools } from './gateway-tools';
import type { ValidityUnderTest } from './validity.contract';

/** One gateway over HTTP, and how its vendor speaks. */
export interface HttpGatewayUnderTest<Config> {
  readonly definition: GatewayDefinition<Config>;
  /** Settings as texts, as the environment gives them, with the gateway at `baseUrl`. */
  readonly settings: (baseUrl: string) => Record<string, string>;
  /** Values among the settings that must never show. */
  readonly secrets: readonly string[];
  /** The vendor's answer to a text it took, and the reference in it. */
  readonly accepted: { readonly status: number; readonly body: object; readonly reference: string };
  /** The number as the vendor wants it, for +34600987123. */
  readonly number: string;
  /** Where the vendor finds the number in a request. */
  numberIn(request: SeenRequest): unknown;
  /** Every documented error: name, status, body, what it must become. */
  readonly errors: readonly (readonly [
    name: string,
    status: number,
    body: string | object,
    expected: SmsOutcome,
  ])[];
  /** How each channel of `definition.validity` that has a field tells the vendor. */
  readonly validity: ValidityUnderTest;
  /** What a channel needs besides its sender. */
  readonly channelSettings?: Readonly<Partial<Record<Channel, Readonly<Record<string, string>>>>>;
  /** What a 2xx whose body is not the vendor's becomes. */
  readonly strange2xx: SmsOutcome['outcome'];
  /** The same of one without a body, where it differs. */
  readonly empty2xx?: SmsOutcome['outcome'];
}

/** A gateway in front of its emulator. */
export interface StartedGateway<Config> {
  readonly gateway: Gateway;
  readonly config: Config;
  readonly emulator: GatewayEmulator;
  readonly hang: () => void;
  readonly stop: () => Promise<void>;
}

/** The gateway as the contract starts it: over real sockets, against an emulator that takes its first text. */
export async function startHttpGateway<Config>(
  {
    definition,
    accepted,
    settings,
  }: Pick<HttpGatewayUnderTest<Config>, 'definition' | 'accepted' | 'settings'>,
  more: Readonly<Record<string, string>> = {},
): Promise<StartedGateway<Config>> {
  const emulator = await GatewayEmulator.start();
  emulator.answer(accepted.status, accepted.body);
  const http = new UndiciHttpClient({ allowPrivate: true });
  const config = definition.config.parse({ ...settings(emulator.url), ...more });
  const stop = async () => {
    await http.close();
    await emulator.stop();
  };
  const hang = () => emulator.behave({ kind: 'hang' });
  return { gateway: definition.create(config, gatewayTools(http)), config, emulator, stop, hang };
}
