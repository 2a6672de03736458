import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { aRiskCall, checkTools } from '../../../testing/contracts/risk-call';
import { riskCheckContract } from '../../../testing/contracts/risk-check.contract';
import { solvePuzzle, type Challenge } from '../../../../test/support/solve-puzzle';
import type { RiskCall } from '../check';
import { hashOf, leadingZeroBits } from '../protocols/puzzle';
import proofOfWork from './proof-of-work';

const EASY = { difficulty: '8', maxDifficulty: '12' };
const START = Date.UTC(2026, 0, 1);

/** One instance; those that share `redeemed` share a database. Time stands still until `clock.at` is moved. */
function anInstance(
  settings: Record<string, string> = {},
  redeemed = new Set<string>(),
  clock = { at: START },
) {
  const time = { now: () => clock.at, monotonic: () => clock.at - START };
  const config = proofOfWork.config.parse({ ...EASY, ...settings });
  const check = proofOfWork.create(config, checkTools({ clock: time }, redeemed));
  const offer = (call = aRiskCall()): Challenge => check.challenge?.(call) ?? {};
  const answer = (text: string | null, call: Partial<RiskCall> = {}) =>
    check.check(aRiskCall({ ...call, answer: text }), AbortSignal.timeout(1_000));
  return { check, offer, answer, clock };
}

const stepUp = (reason: string) => ({ verdict: 'step_up', reason });

describe('proof-of-work', () => {
  riskCheckContract(async () => {
    let hangs = false;
    const redeemed = new Set<string>();
    const redeem = (id: string) =>
      hangs ? new Promise<boolean>(() => undefined) : Promise.resolve(redeemed.size < redeemed.add(id).size);
    const check = proofOfWork.create(proofOfWork.config.parse(EASY), checkTools({ redeem }));
    return {
      definition: proofOfWork,
      check,
      call: () => aRiskCall({ answer: solvePuzzle(check.challenge?.(aRiskCall()) ?? {}) }),
      hang: () => (hangs = true),
      stop: async () => undefined,
    };
  });

  // Catches: a redemption that is not asked for, or whose answer is not looked at.
  it('takes an answer once, on whichever instance', async () => {
    const redeemed = new Set<string>();
    const [one, two] = [anInstance({}, redeemed), anInstance({}, redeemed)];
    const solved = solvePuzzle(one.offer());
    const verdicts = await Promise.all([one, two, one, two].map(({ answer }) => answer(solved)));
    expect(verdicts.map(({ verdict }) => verdict).sort()).toEqual(['allow', 'step_up', 'step_up', 'step_up']);
    expect(await two.answer(solved)).toEqual(stepUp('used_answer'));
  });

  // Catches: a MAC that does not cover what the challenge was made for.
  it.each([{ number: '+34600987124' }, { purpose: 'payment' }, { applicationId: 'other' }])(
    'takes an answer only for what the challenge was made for, not for %j',
    async (call) => {
      const { offer, answer } = anInstance();
      const solved = solvePuzzle(offer());
      expect(await answer(solved, call)).toEqual(stepUp('wrong_answer'));
      expect(await answer(solved)).toEqual({ verdict: 'allow' });
    },
  );

  it('takes an answer until the challenge is over', async () => {
    const { offer, answer, clock } = anInstance({ lifeSeconds: '60' });
    const challenge = offer();
    expect(challenge['expiresAt']).toBe(new Date(START + 60_000).toISOString());
    const solved = solvePuzzle(challenge);
    clock.at += 60_000;
    expect(await answer(solved)).toEqual(stepUp('late_answer'));
    clock.at -= 1;
    expect(await answer(solved)).toEqual({ verdict: 'allow' });
  });

  // Catches: an answer that is good for longer than the memory of its use, made while a clock was ahead.
  it('takes no answer to a challenge from far ahead', async () => {
    const { offer, answer, clock } = anInstance();
    const solved = solvePuzzle(offer());
    clock.at -= 2 * 3_600_000;
    expect(await answer(solved)).toEqual(stepUp('late_answer'));
  });

  // Catches: work that is not looked at in every part.
  it('takes no answer in which a single part is wrong', async () => {
    const { offer, answer } = anInstance();
    const [claim = '', mac = '', ...numbers] = solvePuzzle(offer()).split('.');
    for (const at of [0, 7, 15]) {
      let wrong = 0;
      while (leadingZeroBits(hashOf(`${claim}.${mac}`, at, wrong)) >= 4) wrong += 1;
      const given = [claim, mac, ...numbers.map((number, part) => (part === at ? wrong : number))];
      expect(await answer(given.join('.'))).toEqual(stepUp('wrong_answer'));
    }
    expect(await answer([claim, mac, ...numbers.slice(1)].join('.'))).toEqual(stepUp('wrong_answer'));
    expect(await answer([claim, mac, ...numbers.map(() => '0')].join('.'))).toEqual(stepUp('wrong_answer'));
  });

  // Catches: a claim that is believed without its MAC, e.g. one of less work or a later end.
  it('takes no challenge that was written by others', async () => {
    const { offer, answer } = anInstance();
    const { puzzle, parts } = offer();
    const [claim = '', mac = ''] = String(puzzle).split('.');
    const bytes = Buffer.from(claim, 'base64url');
    bytes[bytes.length - 1] = 0;
    const easier = `${bytes.toString('base64url')}.${mac}`;
    expect(await answer(solvePuzzle({ puzzle: easier, parts: parts ?? 0, bits: 0 }))).toEqual(
      stepUp('wrong_answer'),
    );
  });

  // Catches: work that stays cheap while a botnet does it, and challenges that cost everybody more because one asks.
  it('makes more work while many are solved, for that application alone, and less again afterwards', async () => {
    const { offer, answer, clock } = anInstance({ calmPerMinute: '2' });
    const bits = (applicationId = 'app') => Number(offer(aRiskCall({ applicationId }))['bits']) + 4;
    for (let asked = 0; asked < 50; asked += 1) offer();
    expect(bits()).toBe(8);
    const seen: number[] = [];
    for (let solved = 1; solved <= 8; solved += 1) {
      await answer(solvePuzzle(offer()));
      seen.push(bits());
    }
    expect(seen).toEqual([8, 8, 9, 9, 10, 10, 10, 10]);
    expect(bits('other')).toBe(8);
    clock.at += 180_000;
    expect(bits()).toBe(8);
  });

  it('never asks for more than its highest difficulty', async () => {
    const { offer, answer } = anInstance({ calmPerMinute: '1', maxDifficulty: '9' });
    for (let solved = 0; solved < 6; solved += 1) await answer(solvePuzzle(offer()));
    expect(Number(offer()['bits']) + 4).toBe(9);
  });

  it('comes with a solver for browsers, whose answers it takes', async () => {
    const { offer, answer } = anInstance({ difficulty: '12' });
    const solver = pathToFileURL(join(__dirname, '../../../../docs/proof-of-work.mjs')).href;
    const script = `import { solve } from ${JSON.stringify(solver)};
      process.stdout.write(solve(JSON.parse(process.argv[1])));`;
    const solved = execFileSync(process.execPath, [
      '--input-type=module',
      '-e',
      script,
      JSON.stringify(offer()),
    ]);
    expect(await answer(solved.toString())).toEqual({ verdict: 'allow' });
  });

  it.each([
    [{ difficulty: '7' }],
    [{ difficulty: '25' }],
    [{ difficulty: '18', maxDifficulty: '17' }],
    [{ lifeSeconds: '1801' }],
    [{ calmPerMinute: '0' }],
  ])('refuses settings that cannot be meant: %j', (settings) => {
    expect(proofOfWork.config.safeParse(settings).success).toBe(false);
  });
});
