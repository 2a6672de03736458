import { ADMIN_KEY, until, useEngine, wordFor } from '../../support/engine';
import { RawSocket } from '../../support/raw-socket';

const engine = useEngine({ processes: 1 });
const MIB = 1024 * 1024;

const open: RawSocket[] = [];
afterEach(() => {
  for (const { socket } of open.splice(0)) socket.destroy();
});

/** An upload that begins and then says nothing more. */
async function slowUpload(authorization: string | null, path = 'PUT /v1/prices', bytes = MIB) {
  const key = authorization === null ? '' : `Authorization: Bearer ${authorization}\r\n`;
  const head = `${path} HTTP/1.1\r\nHost: x\r\n${key}Content-Type: text/csv\r\nContent-Length: ${bytes}\r\n\r\n`;
  const client = await RawSocket.open(engine.apps[0]!.url, `${head}gateway,country,channel,price,currency\n`);
  open.push(client);
  return client;
}

const times = <T>(count: number, make: () => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, make));

const importOne = () =>
  engine.admin('PUT /v1/prices', {
    prices: [{ gateway: 'labsmobile', country: 'ES', channel: 'sms', price: '0.0345', currency: 'EUR' }],
  });

/** What it was answered, which is not that its body took too long to arrive, and that it is the last answer. */
async function lastAnswer(client: RawSocket): Promise<string> {
  await client.ended;
  const status = /^HTTP\/1\.1 (\d+)/.exec(client.received)?.[1];
  const reason = /"reason":"(\w+)"/.exec(client.received)?.[1] ?? /"code":"(\w+)"/.exec(client.received)?.[1];
  expect(client.received).toMatch(/\r\nconnection: close\r\n/i);
  return `${status} ${reason}`;
}

/** Catches: places that are taken, or bodies that are read, before it is known who calls. */
describe('an import of somebody who is not the operator', () => {
  it('is refused before its body is in, takes no place, and is not waited for', async () => {
    const tenant = await engine.tenant();
    const strangers = await times(8, () => slowUpload(null));
    const others = [await slowUpload('x'.repeat(43)), await slowUpload(tenant.key)];
    expect(wordFor(await importOne())).toBe('200');
    expect(new Set(await Promise.all(strangers.map(lastAnswer)))).toEqual(new Set(['401 key_missing']));
    expect(await Promise.all(others.map(lastAnswer))).toEqual(['401 key_unknown', '403 admin_key_required']);
  });
});

describe('imports of the operator', () => {
  // Catches: counting bodies, of which each may be of any size, and reading those for which there is no room.
  it('are bounded by the bytes that they announce; what is beyond is not read', async () => {
    const slow = await times(4, () => slowUpload(ADMIN_KEY));
    await until(async () => {
      if ((await importOne()).status === 503) return true;
      // It may have come before one of the four, which then found no room.
      slow.push(await slowUpload(ADMIN_KEY));
      return false;
    });
    expect(await lastAnswer(await slowUpload(ADMIN_KEY))).toBe('503 unavailable');

    slow.find(({ received }) => received === '')!.socket.destroy();
    await until(async () => (await importOne()).status === 200);
    const small = await times(20, () => slowUpload(ADMIN_KEY, undefined, 1_000));
    expect(wordFor(await importOne())).toBe('200');
    expect(small.map(({ received }) => received)).toEqual(new Array(20).fill(''));
  });
});

describe('a receipt to an address that was never given out', () => {
  it('is refused before its body is in', async () => {
    const client = await slowUpload(null, 'POST /v1/receipts/http/guessed', 200_000);
    expect(await lastAnswer(client)).toBe('404 not_found');
  });
});
