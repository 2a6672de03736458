import { codeIn, GatewaySink } from './gateway-sink';

describe('the gateway of the tests', () => {
  let sink: GatewaySink;
  const send = (to: string, text: string): Promise<Response> =>
    fetch(sink.url, { method: 'POST', body: JSON.stringify({ id: 'd1', to, from: 'Acme', text }) });

  beforeEach(async () => (sink = await GatewaySink.start()));
  afterEach(() => sink.close());

  it('records a text and finds its code', async () => {
    const code = sink.waitForCode('+34600000001');
    expect(await (await send('+34600000001', 'Acme: 493021 is your code for 10 minutes')).json()).toEqual({
      id: 'sink-1',
    });
    expect(await code).toBe('493021');
    expect(sink.sentTo('+34600000002')).toEqual([]);
  });

  it('refuses without recording', async () => {
    sink.mode = { kind: 'status', status: 422, body: { error: 'number' } };
    expect((await send('+34600000001', 'code 123456')).status).toBe(422);
    expect(sink.messages).toEqual([]);
  });

  it.each([
    ['reset-before-read', 0],
    ['reset-after-read', 1],
  ] as const)('on %s it breaks the connection with %d messages recorded', async (kind, recorded) => {
    sink.mode = { kind };
    await expect(send('+34600000001', 'code 123456')).rejects.toThrow();
    expect(sink.messages).toHaveLength(recorded);
  });

  it('can hang after reading', async () => {
    sink.mode = { kind: 'hang' };
    const aborted = fetch(sink.url, { method: 'POST', body: '{}', signal: AbortSignal.timeout(100) });
    await expect(aborted).rejects.toThrow();
    expect(sink.messages).toHaveLength(1);
  });

  it.each([
    ['Acme: 493021 is your code. Valid for 10 minutes.', '493021'],
    ['Tu código de Acme es 0042. Caduca en 10 minutos.', '0042'],
    ['Your code: K7M4QX', 'K7M4QX'],
    ['493021 @example.com #493021', '493021'],
  ])('reads the code of %j', (text, code) => {
    expect(codeIn(text)).toBe(code);
  });
});
