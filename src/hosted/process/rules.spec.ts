import { aProcess, aSentProcess, later, NOON } from '../../../test/builders/hosted';
import {
  approved,
  asked,
  bound,
  canceled,
  guessedWrong,
  hasMessagesLeft,
  isSameRedemption,
  MAX_MESSAGES,
  mayTypeNumber,
  numberChanged,
  purgeAt,
  redeemed,
  sent,
  standingOf,
  withNumber,
} from './rules';

const message = { verificationId: 'V', channel: 'sms', expiresAt: later(600) } as const;

describe('how a process stands to a visitor', () => {
  // Catches: a link that goes on in a browser in which nobody typed anything, after a message went out.
  it.each([
    ['nobody has acted', aProcess(), 'ana', 'open'],
    ['nobody has acted, and the browser has no cookie', aProcess(), null, 'open'],
    ['another browser acted, and nothing was sent', aProcess({ visitor: 'eve' }), 'ana', 'open'],
    ['a message went out to this browser', aSentProcess(), 'ana', 'open'],
    ['a message went out to another one', aSentProcess(), 'eve', 'elsewhere'],
    ['a message went out, and the browser has no cookie', aSentProcess(), null, 'elsewhere'],
    ['the backend sent, and nobody has acted', aSentProcess({ visitor: null }), 'ana', 'open'],
    ['it was approved in this browser', aSentProcess({ status: 'approved' }), 'ana', 'done'],
    ['it was approved in another one', aSentProcess({ status: 'approved' }), 'eve', 'used'],
    ['it was approved, and the browser has no cookie', aSentProcess({ status: 'approved' }), null, 'used'],
    ['it was canceled', aSentProcess({ status: 'canceled' }), 'ana', 'canceled'],
  ] as const)('when %s', (_, process, visitor, standing) => {
    expect(standingOf(process, visitor, later(60))).toBe(standing);
  });

  it('ends to the second, also where it was approved', () => {
    expect(standingOf(aProcess(), 'ana', new Date(later(1800).getTime() - 1))).toBe('open');
    expect(standingOf(aProcess(), 'ana', later(1800))).toBe('over');
    expect(standingOf(aSentProcess({ status: 'approved' }), 'ana', later(1800))).toBe('over');
  });
});

describe('the number of a process', () => {
  it('may be typed where the backend gave none', () => {
    expect(mayTypeNumber(aProcess())).toBe(true);
    expect(mayTypeNumber(aProcess({ personal: { to: '+34600123456' } }))).toBe(false);
  });

  // Catches: a number that somebody typed before, shown to whoever comes next.
  it('is forgotten with its code when another browser takes over', () => {
    const typed = withNumber(bound(aProcess(), 'eve'), '+34600123456');
    const taken = bound(typed, 'ana');
    expect([taken.visitor, taken.personal.to, taken.code]).toEqual(['ana', null, null]);
    expect(bound(typed, 'eve')).toBe(typed);
  });

  it('that was given stays, whoever takes over', () => {
    expect(bound(aProcess({ personal: { to: '+34600123456' } }), 'ana').personal.to).toBe('+34600123456');
  });

  // Catches: an approval of one number by the code of another.
  it('leaves the code of another number behind', () => {
    expect(withNumber(aSentProcess(), '+34600000000')).toMatchObject({ code: null });
    expect(withNumber(aSentProcess(), '+34600123456').code).not.toBeNull();
    expect(numberChanged(aSentProcess())).toMatchObject({ code: null, personal: { to: null } });
    const given = aSentProcess({ personal: { isTyped: false } });
    expect(numberChanged(given)).toBe(given);
  });
});

describe('messages of a process', () => {
  it('are counted for the code, and for the process', () => {
    const once = sent(asked(aProcess(), 'a'), message, NOON);
    const twice = sent(asked(once, 'b'), { ...message, channel: 'voice' }, later(40));
    expect(twice.code).toMatchObject({ sends: 2, channel: 'voice', sentAt: later(40) });
    expect(sent(twice, { ...message, verificationId: 'W' }, later(50)).code).toMatchObject({ sends: 1 });
    expect(asked(twice, 'b')).toBe(twice);
    expect([once.hasSent, twice.messages, twice.operation]).toEqual([true, 2, 'b']);
  });

  it('come to an end, whatever numbers are typed', () => {
    expect(hasMessagesLeft(aProcess({ messages: MAX_MESSAGES - 1 }))).toBe(true);
    expect(hasMessagesLeft(aProcess({ messages: MAX_MESSAGES }))).toBe(false);
  });

  it('keep a process alive as long as the code, for an hour at most', () => {
    const atEnd = later(1790);
    expect(sent(aProcess(), { ...message, expiresAt: later(2390) }, atEnd).expiresAt).toEqual(later(2390));
    expect(sent(aProcess(), { ...message, expiresAt: later(86_400) }, atEnd).expiresAt).toEqual(later(3600));
    expect(sent(aProcess(), { ...message, expiresAt: later(100) }, NOON).expiresAt).toEqual(later(1800));
  });

  it('that were answered wrongly are remembered for their code alone', () => {
    expect(guessedWrong(aSentProcess(), 'V').code?.hadWrong).toBe(true);
    const other = aSentProcess();
    expect(guessedWrong(other, 'W')).toBe(other);
  });
});

describe('the end of a process', () => {
  // Catches: a proof for the number that another tab has gone on to.
  it('proves the number that was checked', () => {
    const changed = withNumber(aSentProcess(), '+34600000000');
    const done = approved(changed, { verificationId: 'V', to: '+34600123456' }, later(60));
    expect(done).toMatchObject({
      status: 'approved',
      approvedAt: later(60),
      code: { verificationId: 'V' },
      personal: { to: '+34600123456' },
    });
  });

  it('comes once', () => {
    const off = canceled(aSentProcess());
    expect(approved(off, { verificationId: 'V', to: '+34600123456' }, NOON)).toBe(off);
    const done = approved(aSentProcess(), { verificationId: 'V', to: '+34600123456' }, NOON);
    expect(canceled(done)).toBe(done);
    expect(approved(done, { verificationId: 'W', to: '+34600000000' }, NOON)).toBe(done);
  });

  it('leaves ten minutes to take the proof away', () => {
    const late = approved(aSentProcess(), { verificationId: 'V', to: '+34600123456' }, later(1790));
    expect(late.expiresAt).toEqual(later(1790 + 600));
    expect(purgeAt(late)).toEqual(later(1790 + 600 + 86_400));
  });

  // Catches: a second redemption.
  it('is redeemed by one call', () => {
    expect(isSameRedemption(aSentProcess({ status: 'approved' }), 'k')).toBe(false);
    const first = redeemed(aSentProcess({ status: 'approved' }), 'k', later(70));
    expect(redeemed(first, 'other', later(80))).toBe(first);
    expect([isSameRedemption(first, 'k'), isSameRedemption(first, 'other')]).toEqual([true, false]);
  });
});
