/**
 * R03. A wrong guess takes the record away and writes it anew, so that a right guess in that moment finds nothing. Seen
 * in better-auth (source): people with the right code were told that it had expired.
 *
 * Catches: a wrong guess that is charged twice, or that ends the verification while another one is judged.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { wordFor, wrongCode } from '../support/engine';
import { useSharedEngine } from '../support/shared-engine';

const engine = useSharedEngine();
const ROUNDS = 30;

it.each([5, 10])('a right guess wins among the %d at once that the limit allows', async (maxChecks) => {
  const tenant = await engine.tenant({ policy: { maxChecks } });
  const rounds = Array.from({ length: ROUNDS }, async (_, round) => {
    await sleep(round * 15);
    const { id, to, code } = await tenant.start();
    const place = round % maxChecks;
    const guesses = Array.from({ length: maxChecks }, (_one, i) =>
      i === place ? code : wrongCode(code, i + 1),
    );
    const answers = await Promise.all(guesses.map((guess, i) => tenant.check(id, guess, { on: i % 2 })));
    const { [place]: right } = answers;
    expect({ round, word: wordFor(right!), valid: right!.body['valid'] }).toEqual({
      round,
      word: '200',
      valid: true,
    });
    expect(answers.filter(({ body }) => body['valid'] === true)).toHaveLength(1);
    expect((await tenant.lookup(to)).body).toMatchObject({ failures: 0 });
  });
  await Promise.all(rounds);
});
