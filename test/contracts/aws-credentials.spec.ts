import { UndiciHttpClient } from '../../src/common/outbound/http-client.service';
import awsGateway from '../../src/sms/gateways/aws';
import { GatewayEmulator } from '../../src/testing/fakes/gateway-emulator';
import { aMessage } from '../../src/testing/message';
import { gatewayTools } from '../../src/testing/contracts/gateway-tools';

/** Stands here because it changes the environment, which the SDK reads by itself. */
describe('the aws gateway without keys in its settings', () => {
  const before = { ...process.env };
  afterEach(() => {
    process.env = before;
  });

  const send = async () => {
    const emulator = await GatewayEmulator.start();
    emulator.answer(200, { MessageId: 'm1' });
    const http = new UndiciHttpClient({ allowPrivate: true });
    const config = awsGateway.config.parse({ region: 'eu-west-1', baseUrl: emulator.url });
    const gateway = awsGateway.create(config, gatewayTools(http));
    const outcome = await gateway.send(aMessage(), AbortSignal.timeout(5_000));
    await gateway.close?.();
    await http.close();
    await emulator.stop();
    return { outcome, requests: emulator.requests };
  };

  it('sends nothing when the SDK finds none either', async () => {
    for (const name of ['AWS_SHARED_CREDENTIALS_FILE', 'AWS_CONFIG_FILE']) process.env[name] = '/nowhere';
    process.env['AWS_EC2_METADATA_DISABLED'] = 'true';
    const { outcome, requests } = await send();
    expect(outcome).toEqual({ outcome: 'rejected', reason: 'unauthorized' });
    expect(requests).toEqual([]);
  });

  it('uses those that the SDK finds', async () => {
    process.env['AWS_ACCESS_KEY_ID'] = 'AKIDFOUND';
    process.env['AWS_SECRET_ACCESS_KEY'] = 'secret';
    const { outcome, requests } = await send();
    expect(outcome).toEqual({ outcome: 'accepted', reference: 'm1' });
    expect(requests[0]?.headers.authorization).toContain('Credential=AKIDFOUND/');
  });
});
