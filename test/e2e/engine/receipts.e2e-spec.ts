import { once } from 'node:events';
import { connect } from 'node:net';
import { freePort } from '../../../src/database/mongod/mongod-process';
import { testServerUri } from '../../support/mongo';
import { TcpProxy } from '../../support/tcp-proxy';
import { LabsMobileVendor, type VendorMessage } from '../../fakes/labsmobile-vendor';
import { asAnotherWriter, newNumber, type Tenant, until, useEngine } from '../../support/engine';

/** Two processes behind one public address, which is the first one's. */
describe('delivery receipts', () => {
  const engine = useEngine({ processes: 0 });
  let vendor: LabsMobileVendor;
  let tenant: Tenant;
  let publicUrl: string;
  let env: Record<string, string>;

  beforeAll(async () => {
    vendor = await LabsMobileVendor.start();
    const port = String(await freePort());
    publicUrl = `http://127.0.0.1:${port}`;
    env = { ...vendor.env, SMS_ROUTES: '*:labsmobile,http', PUBLIC_URL: publicUrl, LOG_LEVEL: 'trace' };
    await engine.add({ ...env, PORT: port });
    await engine.add(env);
    tenant = await engine.tenant();
  }, 60_000);
  afterAll(() => vendor.close());
  afterEach(() => (vendor.beforeAnswer = () => Promise.resolve()));

  async function sent(
    body: Readonly<Record<string, unknown>> = {},
    by = tenant,
  ): Promise<{ id: string; to: string; text: VendorMessage }> {
    const to = newNumber();
    const answer = await by.create({ to, ...body }, { headers: { prefer: 'wait=5' } });
    expect(answer).toMatchObject({ status: 201, body: { deliveries: [{ state: 'accepted' }] } });
    return { id: String(answer.body['id']), to, text: await vendor.messageTo(to) };
  }
  const deliveryOf = async (id: string, by = tenant) =>
    ((await by.read(id)).body['deliveries'] as Record<string, unknown>[])[0]!;
  const eventsOf = async (id: string) => {
    const { body } = await tenant.call(`GET /v1/audit/events?verificationId=${id}`);
    return (body['data'] as { type: string; seq: number; data: object }[]).reverse();
  };
  const counts = async (on = 0) => {
    const { body } = await engine.admin('GET /health/ready', undefined, { on });
    return (body['checks'] as { receipts: Record<string, number> }).receipts;
  };
  const onOther = (url: string) => url.replace(publicUrl, engine.apps[1]!.url);

  it('show in the verification, in the list and in the audit log', async () => {
    const { id, text } = await sent();
    expect(text.ackurl).toMatch(new RegExp(`^${publicUrl}/v1/receipts/labsmobile/[\\w-]{66}$`));
    expect((await vendor.report(text, 'gateway')).status).toBe(200);
    expect(await deliveryOf(id)).toMatchObject({ state: 'accepted', provider: 'labsmobile' });
    expect((await vendor.report(text, 'operator', onOther(text.ackurl))).status).toBe(200);
    expect(await deliveryOf(id)).toMatchObject({ state: 'sent' });
    const listed = async (state: string) => {
      const { body } = await tenant.call('GET /v1/verifications?limit=1');
      const [one] = body['data'] as { id: string; deliveries: { state: string }[] }[];
      return one?.id === id && one.deliveries[0]?.state === state;
    };
    await until(() => listed('sent'));
    const answer = await vendor.report(text, 'handset');
    expect([answer.status, await answer.text()]).toEqual([200, '']);
    expect(await deliveryOf(id)).toMatchObject({ state: 'delivered', errorCode: null });
    await until(() => listed('delivered'));
    const events = await until(async () => {
      const all = await eventsOf(id);
      return all.length >= 3 && all;
    });
    expect(events).toMatchObject([
      { type: 'created', seq: 1 },
      { type: 'sent', seq: 2 },
      { type: 'delivered', seq: 3, data: { provider: 'labsmobile', state: 'delivered' } },
    ]);
    expect((await vendor.report(text, 'undelivered')).status).toBe(200);
    expect(await deliveryOf(id)).toMatchObject({ state: 'delivered' });
  });

  it('a receipt of a failure makes the next gateway send the same code', async () => {
    const { id, to, text } = await sent();
    expect((await vendor.report(text, 'undelivered')).status).toBe(200);
    const code = await engine.sink.waitForCode(to);
    expect(text.text).toContain(code);
    expect(await tenant.check(id, code)).toMatchObject({ status: 200, body: { valid: true } });
    const deliveries = await until(async () => {
      const { body } = await tenant.read(id);
      const all = body['deliveries'] as { state: string }[];
      return all[1]?.state !== 'sending' && all;
    });
    expect(deliveries).toMatchObject([
      { state: 'undelivered', provider: 'labsmobile', errorCode: 'unreachable' },
      { state: 'accepted', provider: 'http' },
    ]);
  });

  describe('bad input', () => {
    // Catches: an address that is believed without its MAC, and an answer that tells what was wrong with it.
    it('an address that nobody was given is no address, whatever is wrong with it', async () => {
      const [one, other] = [await sent(), await sent()];
      const before = (await counts())['refused'] ?? 0;
      const ticket = one.text.ackurl.split('/').at(-1)!;
      const base = `${publicUrl}/v1/receipts`;
      const name = ticket.slice(0, 44);
      const secrets = [
        `labsmobile/${ticket.slice(0, -1)}`,
        `labsmobile/${ticket}A`,
        `labsmobile/${name}${other.text.ackurl.slice(-22)}`,
        `labsmobile/${'A'.repeat(43)}`,
        `labsmobile/${ticket.slice(44)}`,
        `http/${ticket}`,
        `nobody/${ticket}`,
        `%00/${ticket}`,
      ];
      const answers = await Promise.all(
        secrets.flatMap((secret) => [
          vendor.report(one.text, 'handset', `${base}/${secret}`),
          fetch(`${base}/${secret}`, { method: 'POST', body: 'x'.repeat(100_000) }),
        ]),
      );
      const told = await Promise.all(
        answers.map(async (answer) => {
          const { requestId: _, ...body } = (await answer.json()) as Record<string, unknown>;
          return { status: answer.status, body };
        }),
      );
      expect(told[0]).toMatchObject({ status: 404, body: { code: 'not_found' } });
      expect(told).toEqual(told.map(() => told[0]));
      expect(await deliveryOf(one.id)).toMatchObject({ state: 'accepted' });
      expect((await counts())['refused']).toBe(before + answers.length);
    });

    // Catches: bodies of strangers in the memory, as many and as slow as they like.
    it('a stranger is answered before a body is read', async () => {
      const head = `POST /v1/receipts/labsmobile/${'A'.repeat(43)} HTTP/1.1\r\nhost: a\r\ncontent-length: 200000\r\n\r\n`;
      const socket = connect(Number(new URL(publicUrl).port), '127.0.0.1');
      socket.write(head);
      const [answer] = (await once(socket, 'data')) as [Buffer];
      socket.destroy();
      expect(answer.toString()).toMatch(/^HTTP\/1\.1 404 /);
    });

    // Catches: a ticket for one delivery that carries the report on another one.
    it("another delivery's report under this address changes neither", async () => {
      const stranger = await engine.tenant();
      const [one, other] = [await sent(), await sent({}, stranger)];
      const before = (await counts())['unknown'] ?? 0;
      const answer = await vendor.report(other.text, 'handset', one.text.ackurl);
      expect(answer.status).toBe(200);
      expect(await deliveryOf(one.id)).toMatchObject({ state: 'accepted' });
      expect(await deliveryOf(other.id, stranger)).toMatchObject({ state: 'accepted' });
      expect((await counts())['unknown']).toBe(before + 1);
    });

    it.each<[string, RequestInit, number]>([
      ['too big', { method: 'POST', body: Buffer.alloc(256 * 1024 + 1) }, 413],
      ['compressed', { method: 'POST', body: 'x', headers: { 'content-encoding': 'gzip' } }, 415],
      ['not what the vendor documents', { method: 'POST', body: Buffer.from([0xff, 0xfe, 0x00]) }, 400],
      [
        'JSON that is none',
        { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } },
        400,
      ],
      ['of a type that nobody knows', { method: 'POST', body: 'x', headers: { 'content-type': 'a/b' } }, 400],
      ['of no type', { method: 'POST', body: new Uint8Array(3) }, 400],
      ['by another method', { method: 'PUT', body: 'x' }, 405],
    ])('a body that is %s', async (_name, init, status) => {
      const { id, text } = await sent();
      const answer = await fetch(text.ackurl, init);
      expect(answer.status).toBe(status);
      expect(answer.headers.get('content-type')).toContain('problem+json');
      expect(await deliveryOf(id)).toMatchObject({ state: 'accepted' });
    });

    it('a receipt without what tells the message is malformed, and counted', async () => {
      const { text } = await sent();
      const before = (await counts())['malformed'] ?? 0;
      for (const query of ['', '?subid=', '?%ff%fe']) {
        expect((await fetch(text.ackurl + query)).status).toBe(400);
      }
      expect((await counts())['malformed']).toBe(before + 3);
      const { body } = await engine.admin('GET /v1/gateways');
      expect(body['data']).toContainEqual(
        expect.objectContaining({ name: 'labsmobile', droppedReceipts: expect.any(Number) }),
      );
    });

    // Catches: a word that no table has, taken for a broken receipt or for an end.
    it('a receipt in a word that nobody knows is taken, and says nothing', async () => {
      const { id, text } = await sent();
      const answer = await fetch(`${text.ackurl}?subid=a&status=ok&acklevel=moon`);
      expect(answer.status).toBe(200);
      expect(await deliveryOf(id)).toMatchObject({ state: 'accepted' });
    });

    it('nobody else takes a raw body', async () => {
      const headers = { 'content-type': 'application/x-raw-body', authorization: `Bearer ${tenant.key}` };
      const answer = await fetch(`${publicUrl}/v1/verifications`, { method: 'POST', headers, body: 'x' });
      expect(answer.status).toBe(415);
    });

    it('looking whether we are there reports nothing', async () => {
      const { id, text } = await sent();
      const url = `${text.ackurl}?${vendor.query(text, 'handset')}`;
      expect((await fetch(url, { method: 'HEAD' })).status).toBe(200);
      expect(await deliveryOf(id)).toMatchObject({ state: 'accepted' });
    });
  });

  // Catches: a repeat that counts again; two processes that both take the same step.
  it('the same receipt a hundred times at once, over two processes, is one', async () => {
    const { id, text } = await sent();
    const both = [text.ackurl, onOther(text.ackurl)];
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, n) => vendor.report(text, 'handset', both[n % 2])),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const events = await until(async () => {
      const all = await eventsOf(id);
      return all.length >= 3 && all;
    });
    expect(events.map(({ type, seq }) => `${seq} ${type}`)).toEqual(['1 created', '2 sent', '3 delivered']);
  });

  // Catches: a result that takes a state back, or that is lost because the receipt came first.
  it('a receipt that comes before the result', async () => {
    vendor.beforeAnswer = (message) => vendor.report(message, 'handset');
    const to = newNumber();
    const { body } = await tenant.create({ to }, { headers: { prefer: 'wait=5' } });
    const id = String(body['id']);
    expect(await deliveryOf(id)).toMatchObject({ state: 'delivered', provider: 'labsmobile' });
    const events = await until(async () => {
      const all = await eventsOf(id);
      return all.length >= 3 && all;
    });
    expect(events.map(({ type, seq }) => `${seq} ${type}`)).toEqual(['1 created', '2 delivered', '3 sent']);
  });

  describe('of a verification that has ended', () => {
    const slots = () => engine.db.collection('slots');

    it('expired: its delivery changes, its end does not', async () => {
      const { id, text } = await sent();
      await slots().updateOne(
        { ids: id },
        { $set: { 'current.expiresAt': new Date(Date.now() - 1_000) }, ...asAnotherWriter },
      );
      expect((await vendor.report(text, 'handset')).status).toBe(200);
      expect((await tenant.read(id)).body).toMatchObject({
        status: 'expired',
        deliveries: [{ state: 'delivered' }],
      });
    });

    // Catches: a late receipt that is lost, or counted twice, because the slot has forgotten its verification.
    it('superseded, and a tombstone in its slot: the read model goes on, with the next number', async () => {
      const own = await engine.tenant({ policy: { whenPending: 'replace', cooldownSeconds: 0 } });
      const { id, to, text } = await sent({}, own);
      await own.create({ to });
      await until(
        async () => (await slots().countDocuments({ past: { $elemMatch: { id, tombstone: true } } })) === 1,
      );
      const before = (await counts())['late'] ?? 0;
      await vendor.report(text, 'operator');
      expect(await deliveryOf(id, own)).toMatchObject({ state: 'sent' });
      const both = [text.ackurl, onOther(text.ackurl)];
      const again = await Promise.all(
        Array.from({ length: 10 }, (_, n) => vendor.report(text, 'handset', both[n % 2])),
      );
      expect(new Set(again.map(({ status }) => status))).toEqual(new Set([200]));
      expect((await own.read(id)).body).toMatchObject({
        status: 'superseded',
        deliveries: [{ state: 'delivered' }],
      });
      const numbered = await until(async () => {
        const { body } = await own.call(`GET /v1/audit/events?verificationId=${id}`);
        const all = (body['data'] as { type: string; seq: number }[]).map(
          ({ type, seq }) => `${seq} ${type}`,
        );
        return all.length >= 4 && all.reverse();
      });
      expect(numbered).toEqual(['1 created', '2 sent', '3 superseded', '4 delivered']);
      expect((await counts())['late']).toBe(before + 6);
    });
  });

  // Catches: a receipt that is acknowledged although nobody could write it down.
  it('is asked for again while the database cannot be reached', async () => {
    const proxy = await TcpProxy.start(Number(new URL(testServerUri()).port));
    const app = await engine.add({ ...env, MONGODB_URI: proxy.mongoUri(engine.mongo.name) });
    try {
      const { id, text } = await sent();
      const address = text.ackurl.replace(publicUrl, app.url);
      proxy.cut();
      const refused = await vendor.report(text, 'handset', address);
      expect(refused.status).toBe(503);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(await deliveryOf(id)).toMatchObject({ state: 'accepted' });
      proxy.heal();
      await until(async () => (await vendor.report(text, 'handset', address)).status === 200);
      expect(await deliveryOf(id)).toMatchObject({ state: 'delivered' });
    } finally {
      await app.stop();
      await proxy.close();
    }
  }, 60_000);

  // Catches: an address, its secret or its query in a log line.
  it('leaves neither secret nor number nor query in any log line', async () => {
    const logs = () => engine.apps.map((app) => app.stdout + app.stderr).join('\n');
    await until(() => Promise.resolve(logs().includes('/v1/receipts/:gateway/:secret')));
    for (const { ackurl, to, subid } of vendor.messages) {
      for (const secret of [ackurl.split('/').at(-1)!, ackurl.slice(-22), to.slice(1), subid]) {
        expect(logs().includes(secret)).toBe(false);
      }
    }
    expect(logs()).not.toMatch(/acklevel|msisdn/);
  });
});
