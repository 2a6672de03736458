import { aSend } from '../../../test/support/limits-instance';
import type { Refusal } from '../../audit/refusals';
import type { SendCall } from '../gate';
import type { ConfiguredChecks } from '../risk/configured-checks';
import type { Verdict } from './decide';
import { PumpingGate } from './pumping.gate';
import type { PumpingService, Send } from './pumping.service';

const until = Date.UTC(2026, 0, 1);
const by = { level: 'prefix10k', debt: 13.4, window: 12, until, canBeChallenged: true } as const;
const suspended: Verdict = { outcome: 'suspended', because: 'unpaid', by };
const quiet: Verdict = { outcome: 'allowed', because: 'quiet', by: null };
const checks = new Map([
  ['turnstile', { name: 'turnstile', asksThePerson: true }],
]) as unknown as ConfiguredChecks;
const challenge = {
  riskChecks: [{ check: 'turnstile', when: 'on_step_up', onUnavailable: 'closed' }],
} as const;

function aGate(verdict: Verdict, isProduction = true) {
  const said: string[] = [];
  const recorded: Refusal[] = [];
  const service = {
    judge: async (_call: SendCall, answer: (verdict: Verdict, send: Send) => unknown) => {
      said.push('judged');
      return answer(verdict, () => (said.push('sent'), () => void said.push('undone')));
    },
    typed: async () => void said.push('typed'),
  } as unknown as PumpingService;
  const audit = { recordRefusal: (refusal: Refusal) => void recorded.push(refusal) };
  return { gate: new PumpingGate(service, checks, { isProduction }, audit), said, recorded };
}

const call = (settings: SendCall['settings'] = {}, change: Partial<SendCall> = {}): SendCall =>
  aSend({ settings, ...change });
const mode = (value: 'off' | 'shadow' | 'enforce') => ({ pumping: { mode: value } });

describe('a message of a prefix that is blocked', () => {
  // Catches: a refusal that tells an attacker what was measured, or when to come back.
  it('is refused in production unless something else is set, in words that say nothing of the block', async () => {
    const { gate, said } = aGate(suspended);
    const { refusal, decisions } = await gate.enter(call());
    expect(refusal).toMatchObject({
      code: 'limit_reached',
      details: { rule: 'pumping', retryAfterSeconds: 600 },
    });
    expect(JSON.stringify(refusal?.details)).not.toMatch(/prefix|10k|12|13|2026/);
    expect(decisions).toEqual([
      {
        ...{ rule: 'pumping.prefix10k', outcome: 'refused', value: 13, limit: 12 },
        ...{ until: new Date(until), because: 'unpaid' },
      },
    ]);
    expect(said).toEqual(['judged']);
  });

  it('is only recorded elsewhere, and in shadow', async () => {
    for (const [settings, isProduction] of [
      [{}, false],
      [mode('shadow'), true],
    ] as const) {
      const { gate, said, recorded } = aGate(suspended, isProduction);
      const { refusal, decisions } = await gate.enter(call(settings));
      expect([refusal, decisions[0]?.outcome, said]).toEqual([null, 'shadow', ['judged', 'sent']]);
      expect(recorded).toEqual([
        expect.objectContaining({ type: 'shadow_refused', rule: 'pumping.prefix10k', to: '+34*******56' }),
      ]);
    }
  });

  it('is let through to the challenge, where the application has one', async () => {
    const { gate, said } = aGate(suspended);
    const { refusal, notes, decisions } = await gate.enter(call(challenge));
    expect([refusal, notes, decisions[0]?.outcome]).toEqual([null, { needsChallenge: true }, 'challenged']);
    expect(said).toEqual(['judged', 'sent']);
    await expect(gate.previewNotes(call(challenge))).resolves.toEqual({ needsChallenge: true });
    await expect(gate.previewNotes(call(mode('off')))).resolves.toBeUndefined();
  });

  it('is refused in spite of it when a challenge does not help any more, or nobody is there to answer', async () => {
    const hopeless = { ...suspended, by: { ...by, canBeChallenged: false } };
    expect((await aGate(hopeless).gate.enter(call(challenge))).refusal).not.toBeNull();
    expect((await aGate(suspended).gate.enter(call(challenge, { kind: 'resend' }))).refusal).not.toBeNull();
  });

  it('goes out when its number is on the allow list, and counts', async () => {
    const { gate, said } = aGate(suspended);
    const { refusal, decisions } = await gate.enter(call({}, { isAllowListed: true }));
    expect([refusal, decisions[0]]).toEqual([null, expect.objectContaining({ because: 'allow_list' })]);
    expect(said).toEqual(['judged', 'sent']);
  });
});

describe('the guard', () => {
  it('that is off costs nothing and learns nothing', async () => {
    const { gate, said } = aGate(suspended);
    expect(gate.enter(call(mode('off')))).toEqual({ decisions: [], refusal: null });
    expect(await gate.preview(call(mode('off')))).toEqual([]);
    gate.confirmed(call(mode('off')));
    expect(said).toEqual([]);
  });

  // Catches: a campaign of codes that are typed weeks later, taken for an attack; a block that such a purpose gets round.
  it('learns nothing from codes that live for weeks, and refuses them where it refuses others', async () => {
    const long = call({}, { isLongLived: true });
    const { gate, said } = aGate(quiet);
    const { refusal, undo } = await gate.enter(long);
    expect([refusal, undo]).toEqual([null, undefined]);
    gate.confirmed(long);
    expect(said).toEqual(['judged']);
    expect((await aGate(suspended).gate.enter(long)).refusal).not.toBeNull();
  });

  it('learns from typed codes, gives back what was not sent, and previews without effect', async () => {
    const { gate, said } = aGate(quiet);
    expect(await gate.preview(call())).toEqual([
      expect.objectContaining({ rule: 'pumping', outcome: 'allowed' }),
    ]);
    expect(said.splice(0)).toEqual(['judged']);
    (await gate.enter(call())).undo?.();
    gate.confirmed(call());
    expect(said).toEqual(['judged', 'sent', 'undone', 'typed']);
  });
});
