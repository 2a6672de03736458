import { Guesses } from '../code/guesses';
import { aView, madeUpViews } from '../made-up-views';
import { firstUi } from '../views/ui';
import { ServerClock } from './server-clock';
import { happeningsOf, staleAt, uiFor } from './state';

const code = madeUpViews['code']!;
const number = madeUpViews['number']!;

describe('the clock of the server', () => {
  it('goes on by what has passed, whatever the device takes the time to be', () => {
    let elapsed = 5_000;
    const clock = new ServerClock(() => elapsed);
    clock.set({ serverTime: '2026-11-27T14:22:10.000Z' });
    expect(clock.secondsUntil('2026-11-27T14:22:30.000Z')).toBe(20);
    elapsed += 19_001;
    expect(clock.secondsUntil('2026-11-27T14:22:30.000Z')).toBe(1);
    elapsed += 999;
    expect(clock.secondsUntil('2026-11-27T14:22:30.000Z')).toBeNull();
    expect(clock.secondsUntil(null)).toBeNull();
  });
});

describe('guesses', () => {
  it('are known to be wrong until another code may have come', () => {
    const guesses = new Guesses();
    guesses.trying('111111');
    guesses.learn('111111', { ...code, problem: 'code_wrong' });
    guesses.learn(null, { ...code, screen: 'limit' });
    expect([guesses.knownProblem('111111'), guesses.wasTried('111111')]).toEqual(['code_wrong', true]);
    expect(guesses.knownProblem('222222')).toBeUndefined();
    guesses.learn(null, { ...code, screen: 'ended' });
    expect([guesses.knownProblem('111111'), guesses.wasTried('111111')]).toEqual([undefined, false]);
  });

  // Catches: a lost answer that is taken for a wrong code.
  it('are not known when no answer said so', () => {
    const guesses = new Guesses();
    guesses.learn('111111', { ...code, problem: 'unavailable' });
    guesses.learn('111111', code);
    expect(guesses.knownProblem('111111')).toBeUndefined();
  });
});

describe('what was typed', () => {
  const ui = { ...firstUi(code), code: '123', number: '612', problem: 'code_wrong' as const, busy: true };

  it('stays while the screen stays, and so does the problem if nothing was asked', () => {
    expect(uiFor(ui, code, code, false)).toMatchObject({ code: '123', problem: 'code_wrong', busy: false });
    expect(uiFor(ui, code, code, true)).toMatchObject({ code: '123', problem: null });
  });

  it('is gone on another screen, but for the number that is to be changed', () => {
    expect(uiFor(ui, code, number, true)).toMatchObject({ code: '', number: '612', problem: null });
    expect(uiFor({ ...ui, country: 'FR' }, number, number, true)).toMatchObject({ country: 'FR' });
  });
});

describe('a view', () => {
  it('is out of date when the code runs out or the wait is over', () => {
    const now = Date.parse('2026-11-27T14:22:10.000Z');
    expect(staleAt(code, now)).toBe(code.expiresAt);
    expect(staleAt(madeUpViews['locked']!, now)).toBe('2026-11-27T14:47:00.000Z');
    expect(staleAt(code, Date.parse('2026-11-27T15:00:00.000Z'))).toBeNull();
    expect(staleAt(number, now)).toBeNull();
  });

  it('is told to the page around it by what is new in it', () => {
    expect(happeningsOf(null, number)).toEqual([]);
    expect(happeningsOf(number, code)).toEqual([{ name: 'sent' }]);
    expect(happeningsOf(code, code)).toEqual([]);
    const done = aView({ screen: 'done', sends: 1, resultToken: 'sdr_x' });
    expect(happeningsOf(code, done)).toEqual([{ name: 'approved', resultToken: 'sdr_x' }]);
    expect(happeningsOf(done, done)).toEqual([]);
    expect(happeningsOf(code, { ...code, screen: 'ended', ended: 'failed' })).toEqual([
      { name: 'failed', reason: 'failed' },
    ]);
    expect(happeningsOf(code, { ...code, screen: 'elsewhere' })).toEqual([
      { name: 'failed', reason: 'elsewhere' },
    ]);
  });
});
