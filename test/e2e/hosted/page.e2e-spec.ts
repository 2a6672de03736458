import { setTimeout as sleep } from 'node:timers/promises';
import { BrowserVisit, screenOf } from '../../support/browser-visit';
import { newNumber, useEngine, wordFor, wrongCode } from '../../support/engine';
import { resultIn, RETURN_URL, Shop } from '../../support/hosted-shop';

const engine = useEngine({ processes: 1 });
let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open(engine);
});

const textsTo = (to: string): number => engine.sink.sentTo(to).length;

describe('the page without script', () => {
  it('leads from the number to the proof', async () => {
    const to = newNumber();
    const digest = 'sha256:9f86d081';
    const { id, visit } = await shop.begin({ state: 'order 17', digest });
    const first = await visit.page();
    expect([first.status, screenOf(first.text)]).toEqual([200, 'number']);
    const sent = await visit.form('send', { number: to, country: '' }, first);
    expect([sent.status, sent.headers.get('location')]).toEqual([303, new URL(visit.url).pathname]);
    const code = await shop.code(to);
    expect(screenOf((await visit.page()).text)).toBe('code');
    const checked = await visit.form('check', { code: `${code.slice(0, 3)} ${code.slice(3)}` });
    expect(checked.status).toBe(303);
    const done = await visit.page();
    expect(screenOf(done.text)).toBe('done');
    const link = /href="(https:\/\/shop\.example\/back\?result=[^"]+)"/.exec(done.text)?.[1] ?? '';
    const redeemed = await shop.redeem(id, resultIn(link));
    expect([redeemed.status, redeemed.body]).toEqual([
      200,
      expect.objectContaining({
        ...{ valid: true, to, purpose: 'login', state: 'order 17' },
        ...{ transaction: null, digest },
      }),
    ]);
  });

  it('shows what is wrong beside what was typed', async () => {
    const { visit } = await shop.begin();
    const refused = await visit.form('send', { number: '12', country: 'ES' });
    expect([refused.status, screenOf(refused.text)]).toEqual([422, 'number']);
    expect(refused.text).toContain('value="12"');
    const to = newNumber();
    await visit.form('send', { number: to });
    const code = await shop.code(to);
    const wrong = await visit.form('check', { code: wrongCode(code) });
    expect([wrong.status, screenOf(wrong.text)]).toEqual([422, 'code']);
    expect(wrong.text).toContain('4 tries left');
  });

  it('speaks the language that was chosen, also after a form', async () => {
    const { visit } = await shop.begin({ locale: 'de' });
    expect((await visit.page()).text).toContain('<html lang="de"');
    expect((await visit.page('?locale=ar')).text).toContain('<html lang="ar" dir="rtl"');
    await visit.form('send', { number: newNumber() });
    expect((await visit.page()).text).toContain('<html lang="ar"');
  });
});

describe('the page with script', () => {
  it('is told all there is to see by each answer', async () => {
    const to = newNumber();
    const { visit } = await shop.begin({
      channels: ['sms', 'voice'],
      cancelUrl: 'https://shop.example/cancelled',
    });
    expect(await visit.state()).toMatchObject({ screen: 'number', brand: { name: 'Acme' }, number: null });
    expect(await visit.act('send', { number: to })).toMatchObject({
      screen: 'code',
      number: { isOwn: true },
      sends: 1,
      codeLength: 6,
      resultToken: null,
    });
    const code = await shop.code(to);
    expect(await visit.act('check', { code: code.slice(1) })).toMatchObject({ problem: 'code_incomplete' });
    expect(await visit.act('check', { code: wrongCode(code) })).toMatchObject({
      problem: 'code_wrong',
      checksLeft: 4,
    });
    expect(await visit.act('resend')).toMatchObject({ screen: 'code', sends: 2, problem: null });
    expect(await shop.code(to, 2)).toBe(code);
    const done = await visit.act('check', { code });
    expect(done).toMatchObject({ screen: 'done', cancelUrl: null });
    expect(done.continueUrl).toMatch(/^https:\/\/shop\.example\/back\?result=sdr_/);
  });

  // Catches: a wrong code that is charged twice because a browser repeats its call.
  it('takes the same wrong code twice for one guess', async () => {
    const to = newNumber();
    const { visit } = await shop.begin({ to });
    await visit.act('send');
    const wrong = wrongCode(await shop.code(to));
    for (const checksLeft of [4, 4]) {
      expect(await visit.act('check', { code: wrong })).toMatchObject({ checksLeft });
    }
  });

  it('says that there were too many wrong codes, and sends a new one', async () => {
    const to = newNumber();
    const { visit } = await shop.begin({ to });
    await visit.act('send');
    const code = await shop.code(to);
    for (const n of [1, 2, 3, 4, 5]) await visit.act('check', { code: wrongCode(code, n) });
    expect(await visit.state()).toMatchObject({ screen: 'ended', ended: 'failed' });
    expect(await visit.act('send')).toMatchObject({ screen: 'code', sends: 1, checksLeft: null });
  });

  it('goes back to the number, and leaves the code of the other one', async () => {
    const [one, other] = [newNumber(), newNumber()];
    const { id, visit } = await shop.begin();
    await visit.act('send', { number: one });
    const first = await shop.code(one);
    expect(await visit.act('change')).toMatchObject({ screen: 'number', number: null });
    await visit.act('send', { number: other });
    expect(await visit.act('check', { code: first })).toMatchObject({ screen: 'code' });
    const done = await visit.act('check', { code: await shop.code(other) });
    expect((await shop.redeem(id, resultIn(done.continueUrl))).body).toMatchObject({ to: other });
  });

  it('ends where the person cancels', async () => {
    const { visit } = await shop.begin({ cancelUrl: 'https://shop.example/cancelled' });
    const view = await visit.act('cancel');
    expect(view).toMatchObject({ screen: 'cancelled', cancelUrl: 'https://shop.example/cancelled' });
    expect(await visit.act('send', { number: newNumber() })).toMatchObject({ screen: 'cancelled' });
  });

  it('says of a number only what its numbering plan and the settings say', async () => {
    const known = newNumber();
    const { visit } = await shop.begin();
    await shop.tenant.start({ to: known, purpose: 'login' });
    const [a, b] = [await visit.echo(known), await visit.echo(newNumber())];
    expect([a.valid, a.country, a.problem]).toEqual([b.valid, b.country, b.problem]);
    expect(await visit.echo('600', 'ES')).toEqual({
      valid: false,
      shown: null,
      country: null,
      problem: 'number_too_short',
    });
  });
});

describe('two browsers, tabs, clicks', () => {
  // Catches: a message that is sent twice because a button was.
  it('send one message for one operation, however often it is asked for', async () => {
    const to = newNumber();
    const { visit } = await shop.begin({ to });
    const { formToken, operation } = await visit.state();
    const views = await Promise.all([1, 2, 3].map(() => visit.json('send', { formToken, operation })));
    expect(views.map(({ status }) => status)).toEqual([200, 200, 200]);
    const again = await visit.state();
    const body = { formToken, operation: again.operation };
    await Promise.all([1, 2, 3].map(() => visit.json('resend', body)));
    await shop.code(to, 2);
    await sleep(300);
    expect(textsTo(to)).toBe(2);
  });

  it('of one person go on together', async () => {
    const to = newNumber();
    const { visit } = await shop.begin();
    await visit.page();
    const tab = visit.tab();
    await visit.act('send', { number: to });
    expect(await tab.state()).toMatchObject({ screen: 'code', number: { isOwn: true } });
    expect(await tab.act('check', { code: await shop.code(to) })).toMatchObject({ screen: 'done' });
    expect(await visit.state()).toMatchObject({ screen: 'done' });
  });

  // Catches: a result that is worth something in a browser in which nobody typed anything.
  it('of two people: the second may take over until a message went out', async () => {
    const to = newNumber();
    const { visit: one } = await shop.begin();
    const other = one.tab();
    await one.act('send', { number: '12' });
    expect(await other.act('send', { number: to })).toMatchObject({ screen: 'code' });
    const elsewhere = { screen: 'elsewhere', number: null, sentAt: null, expiresAt: null };
    expect(await one.state()).toMatchObject(elsewhere);
    expect(await one.act('check', { code: await shop.code(to) })).toMatchObject(elsewhere);
    expect(await other.act('check', { code: await shop.code(to) })).toMatchObject({ screen: 'done' });
    expect(await one.state()).toMatchObject({ screen: 'link_used', continueUrl: null, resultToken: null });
  });

  // Catches: a scanner of mails that starts a message, or uses a link up.
  it('of machines that open every link leave it as it is', async () => {
    const to = newNumber();
    const { visit } = await shop.begin({ to });
    for (const query of ['', '?locale=es', '/state']) {
      for (const method of ['GET', 'HEAD'])
        expect(
          (await fetch(visit.url + query, { method, headers: { 'user-agent': 'Scanner' } })).status,
        ).toBe(200);
    }
    expect(textsTo(to)).toBe(0);
    expect(await visit.act('send')).toMatchObject({ screen: 'code' });
  });

  it('finds its way back after the proof was taken away', async () => {
    const to = newNumber();
    const { id, visit } = await shop.begin({ to });
    await visit.act('send');
    const { continueUrl } = await visit.act('check', { code: await shop.code(to) });
    expect((await shop.redeem(id, resultIn(continueUrl))).status).toBe(200);
    expect(await visit.state()).toMatchObject({ screen: 'done', continueUrl: null });
  });
});

describe('a message that the backend sends', () => {
  it('is there when the person comes, and whoever acts first goes on', async () => {
    const to = newNumber();
    const { visit } = await shop.begin({ to, send: 'now' });
    const code = await shop.code(to);
    expect(await visit.state()).toMatchObject({ screen: 'code', number: { isOwn: false }, sends: 1 });
    expect((await visit.state()).number?.shown).not.toContain(to.slice(3, 8));
    const other = new BrowserVisit(visit.url);
    expect(await visit.act('check', { code })).toMatchObject({ screen: 'done' });
    expect(await other.state()).toMatchObject({ screen: 'link_used' });
  });

  it('is sent once for one Idempotency-Key, and the link is the same', async () => {
    const to = newNumber();
    const body = { to, returnUrl: RETURN_URL, send: 'now' };
    const headers = { 'idempotency-key': 'once' };
    const answers = await Promise.all([1, 2, 3].map(() => shop.ask(body, { headers })));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(wordFor(await shop.ask({ ...body, state: 'other' }, { headers }))).toBe(
      '422 idempotency_key_reused',
    );
    await sleep(300);
    expect(textsTo(to)).toBe(1);
  });
});
