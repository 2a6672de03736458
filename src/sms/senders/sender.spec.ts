import { readSenders, senderFor, type SenderRule, spelled } from './sender';

const rule: SenderRule = {
  accepts: (from) => /^(\+\d{7,15}|[A-Za-z ]{1,11}|arn:\S+)$/.test(from),
  remedy: 'must be a number with plus, or up to 11 letters',
  dlt: true,
};
const DLT = '1101456320000012345/1107161234567890123';
const read = (text: string, more: Partial<SenderRule> = {}) => {
  const senders = readSenders(text, { ...rule, ...more });
  return senders.ok ? senders.list.map((one) => [one.country, spelled(one)]) : senders.problem;
};

describe('senders', () => {
  it.each([
    ['ACME', [['*', 'ACME']]],
    ['arn:aws:sms-voice:eu-west-1:1:pool/p', [['*', 'arn:aws:sms-voice:eu-west-1:1:pool/p']]],
    [
      'us:+12015550123; *: ACME ;',
      [
        ['US', '+12015550123'],
        ['*', 'ACME'],
      ],
    ],
    [
      `IN:ACMEIN/${DLT};*:ACME`,
      [
        ['IN', `ACMEIN/${DLT}`],
        ['*', 'ACME'],
      ],
    ],
  ])('are read from %s', (text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  it('may have a semicolon in a quoted name', () => {
    const accepts = (from: string) => from.includes('@');
    expect(read('DE:"A; \\" B" <a@x>;*:c@x', { accepts })).toEqual([
      ['DE', '"A; \\" B" <a@x>'],
      ['*', 'c@x'],
    ]);
  });

  it.each([
    ['', 'names no sender'],
    ['US:+12015550123;ACME', '"ACME" has no country; write US:+12015550123;*:ACME'],
    ['XX:ACME;*:ACME', '"XX" is no country; use two letters of ISO 3166-1'],
    ['*:ACME;*:OTHER', 'has two senders for *; keep one'],
    ['US:+1;*:ACME', 'must be a number with plus, or up to 11 letters; "+1" is not'],
    ['US:;*:ACME', '"" is not'],
    [`ES:ACME/${DLT};*:ACME`, "has ids of India's DLT; only a sender for IN has"],
    [`ACME/${DLT}`, "has ids of India's DLT"],
  ])('say what to change in %j', (text, problem) => {
    expect(read(text)).toContain(problem);
  });

  it("are refused with India's ids where the vendor takes none", () => {
    expect(read(`IN:ACMEIN/${DLT};*:ACME`, { dlt: false })).toContain('must be a number with plus');
  });

  it('are those of the country, else of all others, else none', () => {
    const of = (text: string, country: string | null) => {
      const senders = readSenders(text, rule);
      return senders.ok ? senders.list && senderFor(senders.list, country)?.from : 'broken';
    };
    expect(of('US:+12015550123;*:ACME', 'US')).toBe('+12015550123');
    expect(of('US:+12015550123;*:ACME', 'ES')).toBe('ACME');
    expect(of('US:+12015550123;*:ACME', null)).toBe('ACME');
    expect(of('US:+12015550123', 'ES')).toBeUndefined();
  });
});
