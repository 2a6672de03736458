import fc from 'fast-check';
import { channels } from '../../common/channel';
import type { ApplicationSettings } from '../../applications/application';
import { applicationSettings } from '../../applications/settings/application-settings.dto';
import { problemsOf } from '../../applications/settings/settings-rules';
import { codeAlphabets, deviceRules, pendingRules, transactionRules } from '../../otp/policy/policy';
import { profiles, standards } from '../../otp/policy/profile';
import { policyReport, type Surroundings } from './policy-report';
import { policyAnswer, toAnswer } from './policy.dto';

const fresh: Surroundings = {
  auditRetentionDays: 400,
  testNumbers: 0,
  isRouted: (channel) => channel !== 'email',
};

const maybe = { requiredKeys: [] as [] };
const policies = fc.record(
  {
    codeLength: fc.integer({ min: 4, max: 10 }),
    codeAlphabet: fc.constantFrom(...codeAlphabets),
    ttlSeconds: fc.oneof(fc.constantFrom(30, 600, 601, 86_400), fc.integer({ min: 30, max: 86_400 })),
    maxChecks: fc.integer({ min: 1, max: 10 }),
    whenPending: fc.constantFrom(...pendingRules),
    cooldownSeconds: fc.integer({ min: 0, max: 3_600 }),
    transaction: fc.constantFrom(...transactionRules),
    allowedChannels: fc.subarray([...channels], { minLength: 1 }),
    sends: fc.record({ max: fc.integer({ min: 1, max: 100 }) }, maybe),
    lock: fc.record(
      {
        afterFailures: fc.integer({ min: 3, max: 10 }),
        seconds: fc.oneof(
          fc.constantFrom(30, 299, 300, 1_799, 1_800, 3_600),
          fc.integer({ min: 30, max: 3_600 }),
        ),
        knownDevices: fc.constantFrom(...deviceRules),
      },
      maybe,
    ),
  },
  maybe,
);
const settingsWithAny = fc.record(
  {
    profile: fc.constantFrom(...profiles),
    policy: policies,
    purposes: fc.dictionary(fc.constantFrom('login', 'payment', 'constructor'), policies, { maxKeys: 2 }),
    channels: fc
      .subarray([...channels], { minLength: 1 })
      .map((list) => list.map((channel) => ({ channel, waitSeconds: 30 }))),
  },
  maybe,
);
const surroundings = fc.record({
  auditRetentionDays: fc.integer({ min: 1, max: 36_500 }),
  testNumbers: fc.integer({ min: 0, max: 3 }),
  routed: fc.subarray([...channels]),
});
const purposes = fc.constantFrom('default', 'login', 'payment', 'constructor', 'never-heard-of');

const home = { gateways: [], riskChecks: [], isProduction: true };
const isAccepted = (settings: ApplicationSettings): boolean =>
  problemsOf({ settings, purposes: [] }, home).length === 0;

describe('the report on a policy', () => {
  // Catches: a profile that fills in too little, saving what it should refuse, a clause that a profile forgot.
  it('has the promised shape for whatever may be saved, and with a profile its policy clauses are met', () => {
    let [accepted, withProfile] = [0, 0];
    fc.assert(
      fc.property(settingsWithAny, purposes, surroundings, (input, purpose, { routed, ...facts }) => {
        const settings = applicationSettings.parse(input) as ApplicationSettings;
        if (!isAccepted(settings)) return;
        accepted += 1;
        const report = policyReport(settings, purpose, {
          ...facts,
          isRouted: (channel) => routed.includes(channel),
        });
        const answer = policyAnswer.parse(toAnswer(report));
        expect(answer.clauses.every(({ because }) => because.length > 10)).toBe(true);
        if (settings.profile === undefined) return;
        withProfile += 1;
        const { source, clauses } = standards[settings.profile];
        const ofPolicy = clauses.filter(({ by, exception }) => by === 'policy' && !exception?.(facts));
        for (const { clause } of ofPolicy)
          expect(answer.clauses).toContainEqual(expect.objectContaining({ source, clause, met: true }));
      }),
      { numRuns: 3_000 },
    );
    expect(accepted).toBeGreaterThan(500);
    expect(withProfile).toBeGreaterThan(100);
  });

  const found = (settings: ApplicationSettings, name: string, around = fresh) =>
    policyReport(settings, 'default', around).clauses.find(({ clause }) => clause === name);

  it('says of the defaults what they do not meet, with the value and the bound', () => {
    expect(found({}, '8.3.4')).toMatchObject({ met: false, source: 'PCI DSS 4.0.1' });
    expect(found({}, '8.3.4')?.because).toContain('The shortest lock: 30 s; at least 1,800 s are asked for.');
    expect(found({ profile: 'pci' }, '8.3.4')?.met).toBe(true);
    expect(found({ profile: 'pci' }, 'Art. 4(3)(b)')?.met).toBe(false);
    expect(found({}, '§3.1.3.2 (life)')?.met).toBe(true);
    expect(found({ policy: { ttlSeconds: 601 } }, '§3.1.3.2 (life)')?.met).toBe(false);
  });

  it('lets one application meet two standards: by one profile, and by settings of its own', () => {
    const both = { profile: 'psd2', policy: { lock: { seconds: 1_800 } } } as const;
    expect([found(both, '8.3.4')?.met, found(both, 'Art. 4(3)(b)')?.met]).toEqual([true, true]);
  });

  // Catches: e-mail that only a route or only the policy is asked about.
  it('counts e-mail only where it is allowed and routed', () => {
    const everywhere = { ...fresh, isRouted: () => true };
    expect(found({}, '§3.1.3 (e-mail)')?.met).toBe(true);
    expect(found({}, '§3.1.3 (e-mail)', everywhere)?.met).toBe(false);
    expect(found({ profile: 'nist' }, '§3.1.3 (e-mail)', everywhere)?.met).toBe(true);
  });

  // Catches: "drawn at random" of an application whose test numbers have fixed codes; logs that are removed too soon.
  it('claims no random codes while test numbers have fixed ones, and no year of logs that are removed before', () => {
    const settings = { profile: 'nist' } as const;
    expect(found(settings, '§3.1.3.2 (generation)', { ...fresh, testNumbers: 1 })).toMatchObject({
      met: false,
      because: 'Test numbers with a fixed code: 1; none is drawn at random.',
    });
    for (const [auditRetentionDays, met] of [
      [364, false],
      [365, true],
    ] as const)
      expect(found({}, '10.5.1', { ...fresh, auditRetentionDays })?.met).toBe(met);
  });

  it('names restricted channels', () => {
    const restricted = (settings: ApplicationSettings) =>
      policyReport(settings, 'login', fresh).effective.restricted;
    expect(restricted({})).toBe(true);
    expect(restricted({ purposes: { login: { allowedChannels: ['whatsapp'] } } })).toBe(false);
  });
});
