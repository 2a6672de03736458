import { UndiciHttpClient } from '../../../src/common/outbound/http-client.service';
import type { Gateway } from '../../../src/sms/gateway';
import { gateways } from '../../../src/sms/gateways.generated';
import type { SmsService } from '../../../src/sms/sms.service';
import { aDelivery } from '../../builders/deliver-input';
import { smsServiceWith } from '../../builders/sms-service';
import { GatewayEmulator } from '../../../src/testing/fakes/gateway-emulator';
import { FakeGateway } from '../../../src/testing/fakes/fake-gateway';
import { MailServer } from '../../fakes/mail-server';
import { FakeSmsc } from '../../fakes/smsc';
import { gatewayTools } from '../../../src/testing/contracts/gateway-tools';
import type { Answer } from './vendors';
import { vendors } from './vendors';

const http = new UndiciHttpClient({ allowPrivate: true });
afterAll(() => http.close());

const FLOOD = 300;
let numbers = 0;
const aStranger = () => `+346${String((numbers += 1)).padStart(8, '0')}`;

/** The gateway in front, and another behind it that takes everything. */
class World {
  readonly second = new FakeGateway();
  readonly sms: SmsService;
  private readonly channel: 'sms' | 'whatsapp' | 'email';

  constructor(
    private readonly gateway: Gateway,
    channel: string | undefined,
  ) {
    this.channel = channel === 'whatsapp' || channel === 'email' ? channel : 'sms';
    this.sms = smsServiceWith({ first: gateway, second: this.second }, { [this.channel]: '*:first,second' });
  }

  /** Who was asked for a code to somebody, in order, and who took it. */
  async send() {
    const { channel } = this;
    const address = channel === 'email' ? `jane${(numbers += 1)}@example.org` : aStranger();
    const to = { channel, to: address, subject: channel === 'email' ? 'Your code' : null };
    const { attempts, provider, outcome } = await this.sms.deliver(aDelivery(to));
    const asked = attempts.filter((one) => one.outcome !== 'skipped').map((one) => one.provider);
    return { asked, provider, outcome };
  }

  async flood(times: number, atOnce = 20): Promise<void> {
    for (let sent = 0; sent < times; sent += atOnce)
      await Promise.all(Array.from({ length: atOnce }, () => this.send()));
  }

  async close(): Promise<void> {
    await this.gateway.close?.();
  }
}

async function isOpenFor(world: World): Promise<boolean> {
  const { asked, provider } = await world.send();
  return asked[0] === 'first' && provider === 'first';
}

it('every gateway that can be refused a number is among them', () => {
  const all = [...Object.keys(vendors), 'smpp', 'smtp', 'console'];
  expect(all.sort()).toEqual(Object.keys(gateways).sort());
});

// Catches: a refusal of one number that counts against the gateway, so that strangers close it for a country.
describe.each(Object.entries(vendors))('numbers that %s does not take', (name, vendor) => {
  let emulator: GatewayEmulator;
  let world: World;
  const says = ({ status, body }: Answer) => emulator.answer(status, body);
  beforeEach(async () => {
    emulator = await GatewayEmulator.start();
    const definition = gateways[name]!;
    const config = definition.config.parse(vendor.settings(emulator.url));
    world = new World(definition.create(config, gatewayTools(http)), vendor.channel);
  });
  afterEach(async () => {
    await world.close();
    await emulator.stop();
  });

  it.each(vendor.badNumbers)('close no country when they are $name', async (answer) => {
    says(answer);
    for (let n = 0; n < 6; n += 1) expect((await world.send()).asked[0]).toBe('first');
    says(vendor.accepted);
    expect(await isOpenFor(world)).toBe(true);
  });

  it(`close no country when there are ${FLOOD} of all kinds`, async () => {
    for (let n = 0; n * 20 < FLOOD; n += 1) {
      says(vendor.badNumbers[n % vendor.badNumbers.length]!);
      await world.flood(20);
    }
    says(vendor.accepted);
    expect(await isOpenFor(world)).toBe(true);
  });

  it.each(vendor.deadAccounts)('are told apart from an account that is dead: $name', async (answer) => {
    says(answer);
    for (let n = 0; n < 5; n += 1)
      expect(await world.send()).toEqual({
        asked: ['first', 'second'],
        provider: 'second',
        outcome: 'accepted',
      });
    says(vendor.accepted);
    expect((await world.send()).asked).toEqual(['second']);
  });
});

describe('numbers that an SMSC does not take', () => {
  let smsc: FakeSmsc;
  let world: World;
  beforeEach(async () => {
    smsc = await FakeSmsc.start();
    const definition = gateways['smpp']!;
    const settings = { host: '127.0.0.1', port: String(smsc.port), systemId: 's', password: 'p' };
    world = new World(definition.create(definition.config.parse(settings), gatewayTools(http)), 'sms');
  });
  afterEach(async () => {
    await world.close();
    await smsc.stop();
  });
  const says = (status: number) => smsc.onSubmit({ kind: 'answer', status });

  it.each([
    ['invalid', 0x0b],
    ['refused', 0x45],
    ['for another sender', 0x0a],
    ['of another type', 0x50],
    ['refused by a number of the vendor’s own', 0x4ff],
  ])('close no country when they are %s', async (_name, status) => {
    says(status);
    await world.flood(FLOOD);
    smsc.onSubmit(() => smsc.accept());
    expect(await isOpenFor(world)).toBe(true);
  });

  it('are told apart from an SMSC that fails, and from one that refuses the account', async () => {
    says(0x08);
    await world.flood(5, 1);
    expect((await world.send()).asked).toEqual(['second']);
    await smsc.stop();
    smsc = await FakeSmsc.start();
    smsc.bindStatus = 0x0e;
    const definition = gateways['smpp']!;
    const settings = { host: '127.0.0.1', port: String(smsc.port), systemId: 's', password: 'p' };
    const other = new World(definition.create(definition.config.parse(settings), gatewayTools(http)), 'sms');
    await other.flood(5, 1);
    expect((await other.send()).asked).toEqual(['second']);
    await other.close();
  });
});

describe('addresses that a mail server does not take', () => {
  let server: MailServer;
  let world: World;
  beforeEach(async () => {
    server = await MailServer.start({ disabledCommands: ['STARTTLS'] });
    const settings = {
      host: '127.0.0.1',
      port: String(server.port),
      from: 'otp@example.com',
      requireTls: 'false',
    };
    const definition = gateways['smtp']!;
    world = new World(definition.create(definition.config.parse(settings), gatewayTools(http)), 'email');
  });
  afterEach(async () => {
    await world.close();
    await server.stop();
  });

  it.each<['recipient' | 'mail', number, string]>([
    ['recipient', 550, '5.1.1 No such user'],
    ['recipient', 450, '4.2.0 Grey-listed'],
    ['recipient', 451, '4.7.1 Try again later'],
    ['recipient', 554, '5.7.1 Relay access denied'],
    ['mail', 554, '5.5.1 No valid recipients'],
  ])('close nothing: %s, %i %s', async (step, code, text) => {
    server.refuse(step, code, text);
    await world.flood(20, 5);
    server.refuse('sign-in', 535, 'nobody signs in');
    expect(await isOpenFor(world)).toBe(true);
  });

  it.each<['sender' | 'mail', number, string]>([
    ['sender', 550, '5.7.60 Not your address'],
    ['sender', 451, 'Local error'],
    ['mail', 421, '4.3.2 Going down'],
  ])('are told apart from a server that takes nothing: %s, %i %s', async (step, code, text) => {
    server.refuse(step, code, text);
    await world.flood(5, 1);
    expect((await world.send()).asked).toEqual(['second']);
  });
});
