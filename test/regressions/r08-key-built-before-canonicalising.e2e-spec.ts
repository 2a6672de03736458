/**
 * R08. The key under which a recipient is counted is built from what was typed, so each spelling of a number has
 * limits, codes and locks of its own. Seen in Logto (commit fd180932bc) and hasura-auth (#178): a dozen spellings, a
 * dozen times the texts.
 *
 * Catches: a slot key from the input instead of the number that was parsed.
 */
import fc from 'fast-check';
import { type Tenant, tally, wordFor } from '../support/engine';
import { useSharedEngine } from '../support/shared-engine';

const engine = useSharedEngine();
let tenant: Tenant;
beforeAll(async () => {
  tenant = await engine.tenant({ policy: { whenPending: 'resend', cooldownSeconds: 60 } });
});

/** libphonenumber's example; it never leaves the machine. */
const NATIONAL = '7400123456';
const wide = (text: string): string =>
  text.replace(/[+\d]/g, (sign) => String.fromCodePoint(sign.charCodeAt(0) - 0x21 + 0xff01));
const arabic = (text: string): string =>
  text.replace(/\d/g, (digit) => String.fromCodePoint(0x0660 + Number(digit)));

const spellings = [
  `+44${NATIONAL}`,
  '+44 7400 123456',
  '+44\u00a07400\u00a0123456',
  '+44-7400-123-456',
  '+44.7400.123.456',
  '+44 (0)7400 123456',
  `0044${NATIONAL}`,
  `0${NATIONAL}`,
  '07400 123 456',
  '(07400) 123456',
  wide(`+44${NATIONAL}`),
  arabic(`0${NATIONAL}`),
  `\u200e+44 7400 123456\u200e`,
  `\u202a+447400123456\u202c`,
  ` +447400123456 `,
];

async function slots(): Promise<number> {
  return engine.db.collection('slots').countDocuments({ applicationId: tenant.id });
}

it('every spelling of a number is one recipient: one verification, one slot, one send', async () => {
  const first = await tenant.create({ to: spellings[0], country: 'GB' });
  expect(wordFor(first)).toBe('201');
  const answers = await Promise.all(
    spellings.map((to, i) => tenant.create({ to, country: 'GB' }, { on: i % 2 })),
  );
  expect(tally(answers.map(wordFor))).toEqual({ '200': spellings.length });
  expect(new Set(answers.map(({ body }) => body['id']))).toEqual(new Set([first.body['id']]));
  expect(await slots()).toBe(1);
  expect((await tenant.lookup(`+44${NATIONAL}`)).body).toMatchObject({ sends: { used: 1 } });
});

it('so is any other one, drawn at random', async () => {
  const between = fc.constantFrom('', ' ', '-', '.', '\u00a0', '\u2009', '\u200b', '\u2011');
  const prefix = fc.constantFrom('+44', '0044', '0', '\uff0b44', '+44 (0)');
  const script = fc.constantFrom((text: string) => text, wide, arabic);
  const spelling = fc
    .tuple(prefix, fc.array(between, { minLength: NATIONAL.length, maxLength: NATIONAL.length }), script)
    .map(
      ([start, gaps, inScript]) =>
        start + [...NATIONAL].map((digit, i) => gaps[i]! + inScript(digit)).join(''),
    );
  await fc.assert(
    fc.asyncProperty(spelling, async (to) => {
      const answer = await tenant.create({ to, country: 'GB' });
      expect([to, wordFor(answer)]).toEqual([to, '200']);
    }),
    { numRuns: 60, seed: 20_261_127 },
  );
  expect(await slots()).toBe(1);
});
