import { findingsWords, hasProblem, about } from './finding';
import { targetOf } from './gateway-target';
import { judgeClock, judgeDescriptors, judgeDisk, judgeLatency } from './judgements';

const GB = 2 ** 30;

describe('what measured values mean', () => {
  it.each([
    ['ok', judgeClock('X', 900, 0)],
    ['ok', judgeClock('X', -1_400, 500)],
    ['warning', judgeClock('X', 5_000, 500)],
    ['problem', judgeClock('X', -31_000, 500)],
    ['ok', judgeLatency([900, 5, 6])],
    ['warning', judgeLatency([50, 60, 70])],
    ['problem', judgeLatency([300, 400, 500])],
    ['ok', judgeDisk('/data', 4 * GB)],
    ['warning', judgeDisk('/data', GB)],
    ['problem', judgeDisk('/data', GB / 4)],
    ['ok', judgeDescriptors(20_000, 4_096, 4_096)],
    ['warning', judgeDescriptors(1_024, 4_096, 512)],
  ])('%s: %j', (state, finding) => {
    expect(finding.state).toBe(state);
  });

  it('say which clock is wrong in which direction', () => {
    expect(judgeClock('theirs', 5_000, 0).message).toMatch(/this machine's clock is 5\.0 s behind theirs/);
    expect(judgeClock('theirs', -5_000, 0).message).toMatch(/5\.0 s ahead of theirs/);
  });

  it('are one line each, and come to a number of problems', () => {
    const findings = [about('a').ok('fine'), about('bcd').problem('broken\nbadly'), about('a').skipped('x')];
    expect(hasProblem(findings)).toBe(true);
    expect(findingsWords(findings)).toBe(
      'ok       a    fine\nproblem  bcd  broken�badly\nskipped  a    x\n\n1 problems, 0 warnings, 1 not checked.',
    );
  });
});

describe('where a gateway lives', () => {
  it.each([
    [
      { baseUrl: 'https://api.example.com/v1?a=1' },
      { kind: 'http', url: 'https://api.example.com/', host: 'api.example.com' },
    ],
    [
      { url: 'http://127.0.0.1:8080/send/secret' },
      { kind: 'http', url: 'http://127.0.0.1:8080/', host: '127.0.0.1' },
    ],
    [
      { host: 'smsc.example.com', port: 2775 },
      { kind: 'tcp', host: 'smsc.example.com', port: 2775 },
    ],
    [{}, null],
    [undefined, null],
  ])('%j', (config, target) => {
    expect(targetOf(config)).toEqual(target);
  });
});
