import { Logger } from '@nestjs/common';
import type { AuditEvent } from '../../audit/audit-event';
import type { Refusal } from '../../audit/refusals';
import { alertId, guessLevels, levelOf } from './wrong-guesses';
import { WrongGuesses } from './wrong-guesses.service';

const NOW = Date.UTC(2026, 0, 31, 12);
const DAY_MS = 86_400_000;

/** Instances that share one count and one log, as over a database. */
function world(count = 0) {
  const state = { count, now: NOW, isAway: false };
  const logged = new Map<string, AuditEvent>();
  const refusals: Refusal[] = [];
  const counts = {
    note: async () => (state.count += 1),
    notes: async () => ({ count: state.count, until: state.now + 90_500, now: state.now }),
  };
  const audit = {
    append: async (events: readonly AuditEvent[]) => {
      if (state.isAway) throw new Error('no log');
      for (const event of events) if (!logged.has(event.id)) logged.set(event.id, event);
    },
    recordRefusal: (refusal: Refusal) => void refusals.push(refusal),
  };
  const instance = () => new WrongGuesses(counts, audit, { now: () => state.now });
  const told = () => [...logged.values()].map(({ data }) => data['level']);
  return { state, logged, refusals, instance, told };
}

const call = { applicationId: 'app', actor: 'key:k', verificationId: 'v' } as const;
const settled = () => new Promise((done) => setImmediate(done));
async function guess(by: WrongGuesses, times = 1): Promise<void> {
  for (let i = 0; i < times; i++) by.add('app');
  await settled();
}

describe('wrong guesses of an application', () => {
  it.each([
    [9_999, null],
    [10_000, 'warn'],
    [99_999, 'warn'],
    [100_000, 'break'],
  ])('reach with %d the level %s', (guesses, level) => expect(levelOf(guesses)).toBe(level));

  // Catches: an alert for every guess beyond the level, or one for each instance.
  it('are told of once a day and level, however many instances see it', async () => {
    const { instance, told, state } = world(guessLevels.warn - 2);
    const [one, other] = [instance(), instance()];
    await guess(one);
    expect(told()).toEqual([]);
    await guess(one, 5);
    await guess(other, 5);
    expect(told()).toEqual(['warn']);
    state.count = guessLevels.break - 1;
    await guess(other);
    await guess(one);
    expect(told()).toEqual(['warn', 'break']);
    state.now += DAY_MS;
    await guess(one, 3);
    expect(told()).toEqual(['warn', 'break', 'warn', 'break']);
  });

  it('say in the alert how many there were, and of whom', async () => {
    const { instance, logged } = world(guessLevels.warn);
    await guess(instance());
    expect([...logged.values()]).toEqual([
      expect.objectContaining({
        id: alertId('app', 'warn', NOW),
        type: 'wrong_guesses',
        applicationId: 'app',
        verificationId: null,
        to: null,
        data: { level: 'warn', count: 10_001, limit: 10_000, windowSeconds: 86_400 },
      }),
    ]);
  });

  it('are told of by the next guess when the log could not be written', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const { instance, told, state } = world(guessLevels.warn);
    const one = instance();
    state.isAway = true;
    await guess(one);
    state.isAway = false;
    await guess(one);
    expect(told()).toEqual(['warn']);
    expect(warn).toHaveBeenCalledTimes(1);
    warn.mockRestore();
  });

  // Catches: `>`; a break that only warns.
  it('are not evaluated any more from the last level on', async () => {
    const { instance, refusals, state } = world(guessLevels.break - 1);
    const one = instance();
    await expect(one.admit(call)).resolves.toBeUndefined();
    state.count += 1;
    await expect(one.admit(call)).rejects.toMatchObject({
      code: 'limit_reached',
      details: { rule: 'wrong_guesses', retryAfterSeconds: 91 },
    });
    expect(refusals).toMatchObject([
      {
        rule: 'wrong_guesses',
        applicationId: 'app',
        details: { value: 100_000, limit: 100_000, until: new Date(NOW + 90_500).toISOString() },
      },
    ]);
  });
});
