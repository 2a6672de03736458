import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { aMessage } from '../../src/testing/message';
import { sendBy, until, useSmppGateways } from '../support/smpp-gateway';
import type { SmsReceipt } from '../../src/sms/receipt';

/**
 * Against an SMSC that is not ours: the server simulator in `org.jsmpp:jsmpp-examples` 3.0.1, which answers ids in
 * hexadecimal and reports them in decimal. Needs Java, and its jars in the folder that JSMPP_LIB names:
 *
 *     mvn dependency:copy-dependencies -DoutputDirectory=lib     (with that one dependency in a pom.xml)
 *     JSMPP_LIB=lib npx jest --selectProjects e2e test/e2e/smpp-interop.e2e-spec.ts
 */
const lib = process.env['JSMPP_LIB'];
const missing = whatIsMissing();
if (missing) console.warn(`SMPP is NOT tested against a foreign SMSC: ${missing}`);
const onlyWithSimulator = missing ? describe.skip : describe;

onlyWithSimulator('the smpp gateway against the server simulator of jSMPP', () => {
  const gatewayAt = useSmppGateways();
  const account = { systemId: 'j', password: 'jpwd' };
  let simulator: ChildProcess;
  let output = '';
  let port = 0;

  beforeAll(async () => {
    port = await freePort();
    const settings = [`-Djsmpp.simulator.port=${port}`, '-Dorg.slf4j.simpleLogger.defaultLogLevel=debug'];
    const command = ['-cp', join(lib ?? '', '*'), 'org.jsmpp.examples.SMPPServerSimulator'];
    simulator = spawn('java', ['-Xmx96m', ...settings, ...command]);
    simulator.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await until(() => output.includes(`Listening on port ${port}`));
  });
  afterAll(async () => {
    const ended = new Promise((resolve) => simulator.once('exit', resolve));
    simulator.kill();
    await ended;
  });

  const receiving = () => {
    const receipts: SmsReceipt[] = [];
    const receive = (all: readonly SmsReceipt[]) => {
      receipts.push(...all);
      return Promise.resolve();
    };
    return { receipts, gateway: gatewayAt(port, account, { receive }) };
  };

  it('is let in, sends, and gets the receipt under an id that it remembers', async () => {
    const { receipts, gateway } = receiving();
    const outcome = await sendBy(gateway, aMessage({ text: 'Code 483920 [~] €' }));
    expect(outcome).toMatchObject({ outcome: 'accepted', parts: 1 });
    await until(() => receipts.length === 1);
    expect(receipts[0]?.state).toBe('delivered');
    expect(outcome).toMatchObject({ receiptReferences: expect.arrayContaining([receipts[0]?.reference]) });
  });

  it('sends a long text whose every part is taken and reported', async () => {
    const { receipts, gateway } = receiving();
    const outcome = await sendBy(
      gateway,
      aMessage({ text: `Код 483920. ${'Никому не говорите. '.repeat(8)}` }),
    );
    expect(outcome).toMatchObject({ outcome: 'accepted', parts: 3 });
    await until(() => receipts.length === 3);
    expect(new Set(receipts.map(({ part }) => part)).size).toBe(3);
    for (const { reference } of receipts) {
      expect(outcome).toMatchObject({ receiptReferences: expect.arrayContaining([reference]) });
    }
  });

  it('takes many texts at once', async () => {
    const { gateway } = receiving();
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => sendBy(gateway)));
    expect(outcomes.every(({ outcome }) => outcome === 'accepted')).toBe(true);
  });

  it('is told when the password is wrong', async () => {
    const gateway = gatewayAt(port, { ...account, password: 'wrong' });
    expect(await sendBy(gateway)).toEqual({
      outcome: 'rejected',
      reason: 'unauthorized',
      vendorCode: '0x0E',
    });
  });

  it('takes its leave in a way that the SMSC understands', async () => {
    const { gateway } = receiving();
    await sendBy(gateway);
    output = '';
    await gateway.close?.();
    await until(() => /unbind/i.test(output));
  });
});

function whatIsMissing(): string | null {
  if (lib === undefined) return 'JSMPP_LIB does not name the folder with its jars';
  if (!existsSync(lib)) return 'the folder that JSMPP_LIB names does not exist';
  try {
    execFileSync('java', ['-version'], { stdio: 'ignore' });
    return null;
  } catch {
    return 'there is no Java';
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
