import { limitsInstance, stopInstances } from '../../../test/support/limits-instance';
import { useDatabase } from '../../../test/support/mongo';
import { GUESS_WINDOW_SECONDS, guessLevels } from './wrong-guesses';

const test = useDatabase();
afterAll(stopInstances);

// Catches: a count that each instance keeps for itself: every further one would be another 100,000 guesses.
it('wrong guesses are counted over all instances, and one that has just started knows them', async () => {
  const [one, other] = await Promise.all([limitsInstance(test.durableDb), limitsInstance(test.durableDb)]);
  const asked = { fields: ['app', 'wrong_guesses'], windowSeconds: GUESS_WINDOW_SECONDS };
  for (const { counts } of [one, one, other]) await counts.note(asked);
  for (const { log } of [one, other, one]) {
    await log.beforeApplicationShutdown();
    await log.onApplicationBootstrap();
  }
  const late = await limitsInstance(test.durableDb);
  for (const { counts } of [one, other, late])
    expect(await counts.notes(asked, guessLevels.break)).toMatchObject({ count: 3 });
  expect(await one.counts.notes({ ...asked, fields: ['other', 'wrong_guesses'] }, 1)).toMatchObject({
    count: 0,
  });
});
