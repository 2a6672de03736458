import { aKeyRing, secretsText } from '../../../test/builders/key-ring';
import { later, NOON } from '../../../test/builders/hosted';
import { TokensService } from './tokens.service';

const tokens = new TokensService(aKeyRing());
const others = new TokensService(aKeyRing({ text: secretsText(undefined, 'other') }));

describe('the token of a link or a session', () => {
  it('is the same for whoever repeats a call, and tells nothing of the id', () => {
    expect(tokens.tokenOf('id', 'page')).toBe(tokens.tokenOf('id', 'page'));
    expect(tokens.tokenOf('id', 'page')).toMatch(/^[\w-]{43}$/);
    expect(tokens.tokenOf('id', 'component')).toMatch(/^sds_[\w-]{43}$/);
  });

  // Catches: a token that works for another process, surface or installation.
  it('is of one process, one surface and one installation', () => {
    const all = [
      tokens.tokenOf('id', 'page'),
      tokens.tokenOf('id', 'component').slice(4),
      tokens.tokenOf('other', 'page'),
      others.tokenOf('id', 'page'),
      tokens.resultToken('id', NOON).slice(4),
    ];
    expect(new Set(all).size).toBe(all.length);
  });

  // Catches: a store that holds what opens a process.
  it('is found by its digest, and by nothing that is none', () => {
    const link = tokens.tokenOf('id', 'page');
    expect(tokens.storedToken(link, 'page')).toMatch(/^[\w-]{43}$/);
    expect(tokens.storedToken(link, 'page')).not.toBe(link);
    for (const odd of ['', link.slice(1), `${link}A`, `sds_${link}`, `${link.slice(1)} `, '../../etc'])
      expect(tokens.storedToken(odd, 'page')).toBeNull();
    expect(tokens.storedToken(link, 'component')).toBeNull();
  });
});

describe('a form token', () => {
  it('is of one browser and one process', () => {
    const [ana, eve] = [tokens.newVisit(), tokens.newVisit()].map((cookie) =>
      tokens.visitorOf('id', cookie)!,
    );
    const form = tokens.formToken('id', ana!);
    expect(tokens.isFormToken(form, 'id', ana!)).toBe(true);
    expect(tokens.isFormToken(form, 'id', eve!)).toBe(false);
    expect(tokens.isFormToken(form, 'other', ana!)).toBe(false);
    for (const odd of [undefined, null, '', [form], { form }, form.slice(1)])
      expect(tokens.isFormToken(odd, 'id', ana!)).toBe(false);
  });

  it('comes with a cookie that is one', () => {
    for (const odd of [undefined, '', 'short', 'A'.repeat(44), 'A'.repeat(42) + ';'])
      expect(tokens.visitorOf('id', odd)).toBeNull();
  });
});

describe('a result', () => {
  const judge = (token: string, seconds: number, id = 'id') =>
    tokens.judgeResult(token, id, { since: NOON, now: later(seconds) });

  // Catches: a proof that lives for ever, or too short to be redeemed.
  it('works for two minutes at least, and three at most', () => {
    const shownLate = tokens.resultToken('id', later(59.999));
    const shownEarly = tokens.resultToken('id', NOON);
    expect(shownLate).toBe(shownEarly);
    expect([judge(shownLate, 60), judge(shownLate, 179.999), judge(shownLate, 180)]).toEqual([
      'good',
      'good',
      'late',
    ]);
    expect(judge(shownEarly, 3600)).toBe('late');
  });

  it('is made anew while the page is open', () => {
    expect(tokens.resultToken('id', later(60))).not.toBe(tokens.resultToken('id', NOON));
    expect(judge(tokens.resultToken('id', later(600)), 650)).toBe('good');
  });

  it('is of its process, and of no time before the approval or to come', () => {
    expect(judge(tokens.resultToken('other', NOON), 0)).toBe('unknown');
    expect(judge(others.resultToken('id', NOON), 0)).toBe('unknown');
    expect(judge(tokens.resultToken('id', later(-60)), 0)).toBe('unknown');
    expect(judge(tokens.resultToken('id', later(120)), 0)).toBe('unknown');
    expect(judge('sdr_', 0)).toBe('unknown');
  });
});
