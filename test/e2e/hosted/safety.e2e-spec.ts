import { BrowserVisit, screenOf } from '../../support/browser-visit';
import { type Answer, newNumber, useEngine, until, wordFor, wrongCode } from '../../support/engine';
import { dump } from '../../support/leaks';
import { resultIn, RETURN_URL, Shop, SHOP } from '../../support/hosted-shop';

const engine = useEngine({ processes: 1, env: { LOG_LEVEL: 'trace' } });
let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open(engine);
});

/** From the beginning to the proof. */
async function prove(to = newNumber(), body: object = {}) {
  const { id, visit } = await shop.begin({ to, ...body });
  await visit.act('send');
  const { continueUrl } = await visit.act('check', { code: await shop.code(to) });
  return { id, to, visit, result: resultIn(continueUrl) };
}

const processOf = (id: string) =>
  engine.db.collection<{ _id: string }>('hosted_verifications').findOne({ _id: id });

describe('a result', () => {
  // Catches: a proof that is good for whatever process a backend asks about.
  it('proves its own process and no other', async () => {
    const [mine, other] = [await prove(), await shop.begin({ to: newNumber() })];
    const swapped = await prove();
    for (const [id, result] of [
      [other.id, mine.result],
      [swapped.id, mine.result],
      ['unknown', mine.result],
      [mine.id, 'sdr_forged'],
      [mine.id, `sdr_${'A'.repeat(43)}`],
      [mine.id, mine.result.slice(0, -1)],
    ])
      expect(wordFor(await shop.redeem(id!, result))).toBe('404 hosted_verification_not_found');
    expect((await shop.redeem(mine.id, mine.result)).status).toBe(200);
  });

  it('is nothing to another application', async () => {
    const { id, result } = await prove();
    const stranger = await Shop.open(engine);
    expect(wordFor(await stranger.redeem(id, result))).toBe('404 hosted_verification_not_found');
  });

  // Catches: a second redemption; a repeat of the first that is refused.
  it('works once, and again for the same call', async () => {
    const { id, to, result } = await prove();
    const headers = { 'idempotency-key': 'first' };
    const first = await shop.redeem(id, result, { headers });
    expect(first.body).toMatchObject({ valid: true, to });
    const repeat = await shop.redeem(id, result, { headers });
    expect([repeat.text, repeat.headers.get('idempotent-replayed')]).toEqual([first.text, 'true']);
    expect(wordFor(await shop.redeem(id, result))).toBe('409 result_used');
    expect(wordFor(await shop.redeem(id, result, { headers: { 'idempotency-key': 'other' } }))).toBe(
      '409 result_used',
    );
  });

  it('of many calls at once is redeemed by one', async () => {
    const { id, result } = await prove();
    const answers = await Promise.all(Array.from({ length: 8 }, () => shop.redeem(id, result)));
    expect(answers.map(wordFor).sort()).toEqual([
      '200',
      ...Array.from({ length: 7 }, () => '409 result_used'),
    ]);
  });
});

describe('somebody else’s number', () => {
  // Catches: a process that is approved by a status. The victim's own code, typed into the victim's own page, would
  // then hand the victim's number to whoever began another process for it.
  it('is not proved by a code that its owner types into another process', async () => {
    const victim = newNumber();
    const attack = await shop.begin();
    await attack.visit.act('send', { number: victim });
    const own = await shop.begin({ to: victim });
    await own.visit.act('send');
    const code = await shop.code(victim);
    expect(await own.visit.act('check', { code })).toMatchObject({ screen: 'done' });
    expect(await attack.visit.state()).toMatchObject({ screen: 'ended', ended: 'used', resultToken: null });
    // Also for whoever was told the code afterwards.
    expect(await attack.visit.act('check', { code })).toMatchObject({ screen: 'ended', ended: 'used' });
    expect(await attack.visit.state()).toMatchObject({ continueUrl: null });
  });

  // Catches: an approval that is lost between the check and the write of the process.
  it('proves nothing by halves: after a crash, the same code gets the result', async () => {
    const to = newNumber();
    const { id, visit } = await shop.begin({ to });
    await visit.act('send');
    const code = await shop.code(to);
    const before = (await processOf(id))!;
    await visit.act('check', { code });
    // As if the process had died after the engine's yes.
    const { _id, ...fields } = before;
    await engine.db.collection<{ _id: string }>('hosted_verifications').replaceOne({ _id }, fields);
    expect(await visit.state()).toMatchObject({ screen: 'ended', ended: 'used' });
    expect(await visit.act('check', { code: wrongCode(code) })).toMatchObject({ screen: 'ended' });
    expect(await visit.act('check', { code })).toMatchObject({ screen: 'done' });
  });

  // Catches: a number of the backend that the person replaces by another one.
  it('cannot take the place of the one that the backend gave', async () => {
    const [given, other] = [newNumber(), newNumber()];
    const { id, visit } = await shop.begin({ to: given });
    await visit.act('change');
    await visit.act('send', { number: other });
    expect([engine.sink.sentTo(given).length, engine.sink.sentTo(other).length]).toEqual([1, 0]);
    const done = await visit.act('check', { code: await shop.code(given) });
    expect((await shop.redeem(id, resultIn(done.continueUrl))).body).toMatchObject({ to: given });
  });

  it('gets no message by a channel that the backend did not name', async () => {
    const to = newNumber();
    const { visit } = await shop.begin({ to, channels: ['sms'] });
    expect(await visit.act('send', { channel: 'voice' })).toMatchObject({ problem: 'unavailable' });
    expect(engine.sink.sentTo(to)).toHaveLength(0);
  });

  it('gets fifteen messages at most by one link', async () => {
    const to = newNumber();
    const { visit } = await shop.begin({ to });
    const screens: string[] = [];
    for (let n = 0; n < 17; n += 1) screens.push((await visit.act(n === 0 ? 'send' : 'resend')).screen);
    expect(screens.slice(15)).toEqual(['limit', 'limit']);
    expect(engine.sink.sentTo(to)).toHaveLength(15);
  }, 60_000);
});

describe('an unsafe call', () => {
  const asForm = (visit: BrowserVisit, headers: Record<string, string>, body: Record<string, string>) =>
    visit.fetch(`${visit.url}/send`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: new URLSearchParams(body).toString(),
    });

  // Catches: a page of somebody else that acts in the browser of a person.
  it('from a page of others is refused, whatever it brings', async () => {
    const to = newNumber();
    const { visit } = await shop.begin({ to });
    const own = new URL(visit.url).origin;
    const { formToken, operation } = await visit.state();
    const body = { formToken, operation };
    for (const origin of ['https://evil.example', 'null', `${own}.evil.example`, SHOP]) {
      expect(wordFor(await visit.json('send', body, { origin }))).toBe('403 forbidden');
      expect((await asForm(visit, { origin }, body)).status).toBe(403);
    }
    expect((await asForm(visit, {}, body)).status).toBe(403);
    expect(engine.sink.sentTo(to)).toHaveLength(0);
    expect((await asForm(visit, { origin: own }, body)).status).toBe(303);
  });

  // Catches: a form token that is good for every browser or every process.
  it('needs the token of this browser and this process', async () => {
    const to = newNumber();
    const { visit } = await shop.begin({ to });
    const stranger = new BrowserVisit(visit.url);
    const other = await shop.begin({ to: newNumber() });
    const { operation } = await visit.state();
    const tokens = [
      (await stranger.state()).formToken,
      (await other.visit.state()).formToken,
      'A'.repeat(43),
      '',
      undefined,
      ['x'],
    ];
    for (const formToken of tokens)
      expect(wordFor(await visit.json('send', { formToken, operation }))).toBe('403 forbidden');
    // With a cookie that the browser does not have, the right token is worth nothing either.
    const { formToken } = await visit.state();
    expect(wordFor(await stranger.json('send', { formToken, operation }))).toBe('403 forbidden');
    expect(engine.sink.sentTo(to)).toHaveLength(0);
  });

  it('by a form without its cookie shows the page again, and does nothing', async () => {
    const to = newNumber();
    const { visit } = await shop.begin({ to });
    const lost = new BrowserVisit(visit.url);
    const page = await visit.page();
    const answer = await lost.form('send', {}, page);
    expect([answer.status, screenOf(answer.text)]).toEqual([403, 'confirm']);
    expect(engine.sink.sentTo(to)).toHaveLength(0);
    expect((await lost.form('send', {}, answer)).status).toBe(303);
  });

  it('more often than a person makes it is too many', async () => {
    const { visit } = await shop.begin({ to: newNumber() });
    const { formToken } = await visit.state();
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => visit.json('check', { formToken, code: '123456' })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(30);
    expect(answers.filter((answer) => wordFor(answer) === '429 rate_limited')).toHaveLength(10);
  });
});

describe('a link', () => {
  const shapeOf = ({ status, text }: Answer) => [status, text.replace(/[A-Za-z0-9+/_-]{20,}/g, '…')];

  // Catches: an answer that tells a link that was there from one that never was.
  it('that is unknown, over or of another kind looks the same', async () => {
    const { id, visit } = await shop.begin({ to: newNumber() });
    const session = (await shop.ask({ origin: SHOP })).body['sessionToken'];
    await engine.db
      .collection<{ _id: string }>('hosted_verifications')
      .updateOne({ _id: id }, { $set: { expiresAt: new Date(0) } });
    const base = visit.url.replace(/[^/]+$/, '');
    const links = [visit.url, `${base}${'A'.repeat(43)}`, `${base}nonsense`, `${base}${String(session)}`];
    const pages = await Promise.all(links.map((link) => new BrowserVisit(link).page()));
    const states = await Promise.all(links.map((link) => new BrowserVisit(link).page('/state')));
    for (const page of pages) expect(shapeOf(page)).toEqual(shapeOf(pages[0]!));
    expect([pages[0]!.status, screenOf(pages[0]!.text)]).toEqual([404, 'link_expired']);
    expect(pages[0]!.text).not.toContain('Acme');
    expect(states.map(wordFor)).toEqual(links.map(() => '404 hosted_verification_not_found'));
  });

  // Catches: a result that goes to whoever writes the address.
  it('leads back to nowhere but the addresses of the application', async () => {
    const evil = [
      'https://evil.example/back',
      `${SHOP}.evil.example/back`,
      'https://shop.example:8443/back',
      'https://shop.example@evil.example/back',
      'https://shop.example\\@evil.example/back',
      '//shop.example/back',
      'https:/shop.example/back',
      'http://shop.example/back',
      'https://shop.example/back/',
      'https://shop.example/other/../back',
      'https://shop.example/back/..%2f..',
      'https://shop.example/back#x',
      'https://shop.example/Back',
      'javascript:alert(1)//https://shop.example/back',
    ];
    for (const returnUrl of evil) {
      const answer = await shop.ask({ returnUrl });
      expect([returnUrl, wordFor(answer), JSON.stringify(answer.body['errors'])]).toEqual([
        returnUrl,
        '400 invalid_request',
        expect.stringContaining('"returnUrl"'),
      ]);
      expect(wordFor(await shop.ask({ returnUrl: RETURN_URL, cancelUrl: returnUrl }))).toBe(
        '400 invalid_request',
      );
    }
    expect((await shop.ask({ returnUrl: `${RETURN_URL}?order=17` })).status).toBe(201);
  });
});

describe('what a page shows', () => {
  // Catches: a text of a client that becomes markup, or ends the data of the script.
  it('is text, whatever it looks like', async () => {
    const script = '<script>alert(1)</script>';
    const payee = '"><img src=x>';
    const odd = await Shop.open(engine, { brand: '<b>Acme</b>', contact: `'"${script}` });
    const { visit } = await odd.begin({
      to: newNumber(),
      purpose: 'payment',
      transaction: { amount: '1.00', currency: 'EUR', payee },
      state: script,
      metadata: { x: '</script>' },
    });
    const { text } = await visit.page();
    expect(text).toContain('&lt;b>Acme');
    for (const raw of ['<b>Acme', '<img src=x', '<script>alert']) expect(text).not.toContain(raw);
    expect(text.match(/<\/script>/g)).toHaveLength(2);
  });

  it('is not kept, indexed, framed or told to others', async () => {
    const { visit } = await shop.begin({ to: newNumber() });
    const { headers } = await visit.page();
    expect(Object.fromEntries(headers)).toMatchObject({
      'cache-control': 'no-store',
      'x-robots-tag': 'noindex',
      'x-frame-options': 'DENY',
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringMatching(/^default-src 'none'; .*frame-ancestors 'none'$/),
    });
  });
});

describe('what is kept', () => {
  // Catches: a token, a number or a code in a line of the log, in the audit log or in a collection.
  it('holds no token and nothing personal', async () => {
    const { id, to, visit, result } = await prove(newNumber(), {
      email: 'ana@mail.example',
      state: 'state-of-the-shop',
      metadata: { note: 'note-of-the-shop' },
    });
    await visit.form('check', { code: 'x' });
    await fetch(`${visit.url}/nothing?number=${encodeURIComponent(to)}`, { method: 'POST' });
    await shop.redeem(id, result);
    const link = new URL(visit.url).pathname.split('/').at(-1)!;
    const [cookie = ''] = visit.cookie.split('=').slice(1);
    const secrets = [link, cookie, result, (await visit.state()).formToken];
    const personal = [to, 'ana@mail.example', 'state-of-the-shop', 'note-of-the-shop'];
    const hosted = Buffer.concat((await dump(engine.db)).get('hosted_verifications')!).toString('latin1');
    for (const text of [...secrets, ...personal]) expect(hosted).not.toContain(text);
    await until(async () => engine.apps[0]!.stdout.includes('/:id/redeem'));
    for (const text of [...secrets, ...personal]) expect(engine.apps[0]!.stdout).not.toContain(text);
    const audit = await until(async () => {
      const { text } = await shop.tenant.call('GET /v1/audit/events?type=hosted_redeemed');
      return text.includes(id) && text;
    });
    for (const text of [...secrets, ...personal]) expect(audit).not.toContain(text);
  });
});
