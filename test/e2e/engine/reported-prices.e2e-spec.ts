import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { freePort } from '../../../src/database/mongod/mongod-process';
import { newNumber, until, useEngine, wordFor } from '../../support/engine';

/** What the vendor was asked to send: enough to report on it. */
interface Taken {
  readonly to: string;
  readonly id: string;
  readonly reportTo: string;
  readonly callbackData: string;
}

interface Asked {
  readonly messages: readonly {
    readonly destinations: readonly { readonly to: string; readonly messageId: string }[];
    readonly webhooks: { readonly delivery: { readonly url: string }; readonly callbackData: string };
  }[];
}

const taken: Taken[] = [];

async function read(request: IncomingMessage): Promise<Asked> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString()) as Asked;
}

/** Speaks as Infobip does, which tells the price with the receipt. */
const vendor = createServer((request, response) => {
  void read(request).then(({ messages: [message] }) => {
    const { to, messageId: id } = message!.destinations[0]!;
    const { delivery, callbackData } = message!.webhooks;
    taken.push({ to: `+${to}`, id, reportTo: delivery.url, callbackData });
    response.writeHead(200, { 'content-type': 'application/json' });
    const status = { groupId: 1, groupName: 'PENDING', name: 'PENDING_ACCEPTED' };
    response.end(JSON.stringify({ messages: [{ messageId: id, status, details: { messageCount: 1 } }] }));
  });
});

/** Euros of one part, reported to the process at `url`. */
async function report(to: string, euros: number, onProcess: (url: string) => string): Promise<number> {
  const { id, reportTo, callbackData } = taken.find((one) => one.to === to)!;
  const status = { groupId: 3, groupName: 'DELIVERED', name: 'DELIVERED_TO_HANDSET' };
  const price = { pricePerMessage: euros, currency: 'EUR' };
  const results = [{ messageId: id, callbackData, to: to.slice(1), status, messageCount: 1, price }];
  const answer = await fetch(onProcess(reportTo), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ results }),
  });
  return answer.status;
}

describe('a price that a receipt tells', () => {
  const engine = useEngine({ processes: 0 });
  let publicUrl: string;
  const onOther = (url: string) => url.replace(publicUrl, engine.apps[1]!.url);
  const EUR = (amountMicros: number) => ({ amountMicros, currency: 'EUR' });
  const settings = {
    budgets: [{ period: 'day', limit: EUR(1_000_000) }],
    assumedPrice: EUR(400_000),
    policy: { cooldownSeconds: 0 },
  };

  beforeAll(async () => {
    vendor.listen(0, '127.0.0.1');
    await once(vendor, 'listening');
    const port = String(await freePort());
    publicUrl = `http://127.0.0.1:${port}`;
    const env = {
      SMS_ROUTES: '*:infobip',
      SMS_INFOBIP_API_KEY: 'key-of-the-account',
      SMS_INFOBIP_BASE_URL: `http://127.0.0.1:${String((vendor.address() as AddressInfo).port)}`,
      SMS_INFOBIP_FROM: 'SIXDIGIT',
      PUBLIC_URL: publicUrl,
    };
    await engine.add({ ...env, PORT: port });
    await engine.add(env);
  }, 60_000);
  afterAll(() => {
    vendor.closeAllConnections();
    vendor.close();
  });

  const send = async (tenant: Awaited<ReturnType<typeof engine.tenant>>, on = 0): Promise<string> => {
    const to = newNumber();
    const answer = await tenant.create({ to }, { on, headers: { prefer: 'wait=5' } });
    return answer.status === 201 ? to : wordFor(answer);
  };

  // Catches: a correction that only the process knows which made the charge; one that is made once per report.
  it('corrects the charge, though another process gets the receipt, and once however often it is told', async () => {
    const tenant = await engine.tenant(settings);
    const [first, second] = [await send(tenant), await send(tenant)];
    // Two of 0.40 are charged: a third would be beyond 1.00.
    expect(await send(tenant, 1)).toBe('429 budget_exhausted');
    for (let told = 0; told < 3; told += 1) expect(await report(first, 0.05, onOther)).toBe(200);
    // 0.05 + 0.40: one more fits, and then none. Three corrections would leave room for many.
    await until(async () => (await send(tenant)).startsWith('+') || null);
    expect(await send(tenant, 1)).toBe('429 budget_exhausted');
    // Dearer than assumed: what was free is gone.
    expect(await report(second, 0.9, (url) => url)).toBe(200);
    expect(await send(tenant, 1)).toBe('429 budget_exhausted');
    const reported = await until(async () => {
      const list = await tenant.call('GET /v1/verifications?limit=10');
      const costs = list.body['data'] as { cost?: { reported: { micros: number }[] } }[];
      const micros = costs.flatMap(({ cost }) => cost?.reported.map((one) => one.micros) ?? []);
      return micros.length === 2 && micros;
    });
    expect(reported.sort((a, b) => a - b)).toEqual([50_000, 900_000]);
  });
});
