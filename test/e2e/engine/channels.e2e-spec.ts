import { newNumber, type Started, type Tenant, until, useEngine, wordFor } from '../../support/engine';

/** Texts go to the sink; calls and mails end in the sandbox inbox; nothing is routed for WhatsApp to these numbers. */
const engine = useEngine({
  processes: 2,
  env: { VOICE_ROUTES: '*:console', EMAIL_ROUTES: '*:console', WHATSAPP_ROUTES: 'US:console' },
});

const policy = { cooldownSeconds: 0, sends: { max: 10, windowSeconds: 600 } };
let tenant: Tenant;
beforeAll(async () => {
  tenant = await engine.tenant({ policy });
});

interface Delivered {
  readonly channel: string;
  readonly provider: string | null;
  readonly state: string;
  readonly errorCode: string | null;
}

const deliveriesOf = async (id: string): Promise<Delivered[]> =>
  (await tenant.read(id)).body['deliveries'] as Delivered[];

/** The deliveries of a verification as soon as there are `count`, all of them reported. */
const settled = (id: string, count: number, limitMs?: number): Promise<Delivered[]> =>
  until(async () => {
    const deliveries = await deliveriesOf(id);
    return deliveries.length >= count && deliveries.every(({ state }) => state !== 'sending') && deliveries;
  }, limitMs);

const inbox = async (to: string): Promise<{ text: string; code: string }[]> => {
  const { body } = await tenant.call('GET /v1/sandbox/messages');
  return (body['data'] as { to: string; text: string; code: string }[]).filter((one) => one.to === to);
};

const create = async (body: object): Promise<string> => {
  const answer = await tenant.create(body);
  expect(wordFor(answer)).toBe('201');
  return String(answer.body['id']);
};

/** As if a text were sent, its wait over for all of them at this moment, and a call were next. */
const endWait = (ids: readonly string[]) => {
  const steps = [
    { channel: 'sms', waitMs: 0 },
    { channel: 'voice', waitMs: 0 },
  ];
  const over = {
    v: { $add: ['$v', 1] },
    dueAt: '$$NOW',
    'current.followAt': '$$NOW',
    'current.plan': { step: 0, steps },
  };
  return engine.db.collection('slots').updateMany({ ids: { $in: ids } }, [{ $set: over }]);
};

describe('a code over several channels', () => {
  // Catches: no job, or a code of its own per channel.
  it('goes to the next channel when nobody typed it in time, with the same code, and then no further', async () => {
    const to = newNumber();
    const channels = [{ channel: 'sms', waitSeconds: 10 }, { channel: 'voice' }];
    const id = await create({ to, channels });
    const code = await engine.sink.waitForCode(to);
    const deliveries = await settled(id, 2, 20_000);
    expect(deliveries).toMatchObject([
      { channel: 'sms', provider: 'http', state: 'accepted' },
      { channel: 'voice', provider: 'console', state: 'accepted' },
    ]);
    expect((await inbox(to)).map((message) => message.code)).toEqual([code]);
    const { body } = await tenant.read(id);
    expect(body).toMatchObject({ channel: 'sms', sends: { used: 2 } });
    expect((await tenant.check(id, code)).body['valid']).toBe(true);
  }, 40_000);

  // Catches: a follow-up that does not look whether the verification is still pending, in the job nor in the slot.
  it('stays where it is once the code was typed', async () => {
    const to = newNumber();
    const channels = [{ channel: 'sms', waitSeconds: 10 }, { channel: 'voice' }];
    const id = await create({ to, channels });
    const code = await engine.sink.waitForCode(to);
    expect((await tenant.check(id, code)).body['valid']).toBe(true);
    await settled(id, 1);
    await endWait([id]);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(await deliveriesOf(id)).toHaveLength(1);
    expect(await inbox(to)).toEqual([]);
  });

  it('does not wait for the next channel when every gateway of the first refused', async () => {
    const to = newNumber();
    engine.sink.mode = { kind: 'status', status: 400 };
    try {
      const email = 'ana@example.com';
      const id = await create({
        to,
        email,
        channels: [{ channel: 'sms', waitSeconds: 600 }, { channel: 'email' }],
      });
      expect(await settled(id, 2)).toMatchObject([
        { channel: 'sms', state: 'rejected' },
        { channel: 'email', provider: 'console', state: 'accepted' },
      ]);
      const [mail] = await inbox(email);
      expect((await tenant.check(id, String(mail?.code))).body['valid']).toBe(true);
    } finally {
      engine.sink.mode = { kind: 'accept' };
    }
  });

  it('goes by another channel on request, and by its own first one without a name', async () => {
    const { id, to, code } = await tenant.start();
    expect(wordFor(await tenant.call(`POST /v1/verifications/${id}/sends`, { channel: 'voice' }))).toBe(
      '201',
    );
    expect(wordFor(await tenant.call(`POST /v1/verifications/${id}/sends`))).toBe('201');
    expect((await settled(id, 3)).map(({ channel }) => channel)).toEqual(['sms', 'voice', 'sms']);
    expect(new Set([...(await inbox(to)).map((message) => message.code), code]).size).toBe(1);
    expect(await engine.sink.waitForCode(to, 2)).toBe(code);
  });

  it('may never touch a phone: the address is shown until it is removed', async () => {
    const to = newNumber();
    const id = await create({ to, channel: 'email', email: 'ana@example.com' });
    expect(await settled(id, 1)).toMatchObject([{ channel: 'email', provider: 'console' }]);
    const { body } = await tenant.read(id);
    expect(body).toMatchObject({ to, email: 'ana@example.com', channel: 'email' });
    expect(engine.sink.sentTo(to)).toEqual([]);
  });

  // Catches: a process that follows although another one has: two calls instead of one.
  it('is followed once, with two processes at work', async () => {
    const started: Started[] = [];
    for (let n = 0; n < 10; n++) started.push(await tenant.start());
    // What became of the texts is written a moment after they arrived, and says anew what follows when.
    await Promise.all(started.map(({ id }) => settled(id, 1)));
    await endWait(started.map(({ id }) => id));
    await Promise.all(started.map(({ id }) => settled(id, 2)));
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    for (const { id, to } of started) {
      expect(await deliveriesOf(id)).toHaveLength(2);
      expect(await inbox(to)).toHaveLength(1);
    }
  });
});

describe("an application's own channels", () => {
  it('are used when the call names none, as far as they lead somewhere', async () => {
    const own = await engine.tenant({
      policy,
      channels: [
        { channel: 'whatsapp', waitSeconds: 10 },
        { channel: 'email', waitSeconds: 10 },
        { channel: 'voice', waitSeconds: 10 },
      ],
    });
    const answer = await own.create({ to: newNumber() });
    expect(answer.body).toMatchObject({ channel: 'voice', email: null });
  });
});

describe('a channel that leads nowhere', () => {
  it.each<[object, string]>([
    [{ channel: 'whatsapp' }, 'channel'],
    [{ channel: 'pigeon' }, 'channel'],
    [{ channels: [{ channel: 'sms' }, { channel: 'whatsapp' }] }, 'channels.1.channel'],
    [{ channels: [{ channel: 'sms' }, { channel: 'sms' }] }, 'channels'],
    [{ channels: [] }, 'channels'],
    [{ channels: [{ channel: 'sms', waitSeconds: 9 }] }, 'channels.0.waitSeconds'],
    [{ channel: 'sms', channels: [{ channel: 'voice' }] }, 'channels'],
    [{ channel: 'email' }, 'email'],
    [{ channel: 'email', email: 'no address' }, 'email'],
    [{ channel: 'email', email: 'ana@example.com\r\nBcc: all@example.com' }, 'email'],
  ])('is refused before anything is sent: %j', async (body, path) => {
    const to = newNumber();
    const answer = await tenant.create({ to, ...body });
    expect(wordFor(answer)).toBe('400 invalid_request');
    expect((answer.body['errors'] as { path: string }[])[0]?.path).toBe(path);
    expect((await tenant.lookup(to)).body).toMatchObject({ sends: { used: 0 } });
  });

  it('is refused for a send, too, and charges nothing', async () => {
    const { id } = await tenant.start();
    for (const channel of ['whatsapp', 'email']) {
      const answer = await tenant.call(`POST /v1/verifications/${id}/sends`, { channel });
      expect(wordFor(answer)).toBe('400 invalid_request');
    }
    expect((await tenant.read(id)).body).toMatchObject({ sends: { used: 1 } });
  });
});
