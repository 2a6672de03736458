import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { MAX_PURPOSES } from '../../src/applications/application';
import { BODY_LIMIT_BYTES } from '../../src/common/http/body/body-parser';
import { MAX_DELIVERIES } from '../../src/otp/slots/rules/effect';
import { lockMs } from '../../src/otp/slots/rules/lock';
import { defaultPolicy } from '../../src/otp/policy/policy';
import { policyFields } from '../../src/otp/policy/policy.dto';
import { defaultLimits } from '../../src/sms/gateway';

const document = readFileSync(join(__dirname, '..', '..', 'docs', 'security.md'), 'utf8');

/** The cells of the row that begins so, without the notes. */
function row(first: string): string[] {
  const line = document.split('\n').find((text) => text.startsWith(`| ${first} `)) ?? '';
  return line
    .split('|')
    .slice(2, -1)
    .map((cell) => cell.replace(/\[\^[\w-]+\]/g, '').trim());
}

interface Bounds {
  readonly minimum: number;
  readonly maximum: number;
}
type Bounded = Record<string, Bounds & { readonly properties: Record<string, Bounds> }>;
const bounds = z.toJSONSchema(policyFields.policy).properties as unknown as Bounded;
const range = ({ minimum, maximum }: Bounds): string => `${text(minimum)}–${text(maximum)}`;
const text = (count: number): string => count.toLocaleString('en');

/** How many wrong guesses the delays let somebody have who guesses whenever it is possible. */
function guessesIn(milliseconds: number): number {
  let [failures, now] = [0, 0];
  for (;;) {
    failures += 1;
    const wait = lockMs(failures, defaultPolicy.lock);
    if (wait === null || now + wait > milliseconds) return failures;
    now += wait;
  }
}

const DAY_MS = 86_400_000;

// Catches: a number that was changed in the code and not in the document, or the other way round.
describe('the numbers of docs/security.md are those of the code', () => {
  it('for guesses', () => {
    const { maxChecks, sends, codeLength } = defaultPolicy;
    const perDay = (sends.max * maxChecks * 86_400) / sends.windowSeconds;
    expect(codeLength).toBe(6);
    expect(row('one code, `maxChecks` 5')).toEqual([text(maxChecks), '5 · 10⁻⁶']);
    expect(row('without locks: 5 codes per 10 min')).toEqual([
      `${text(perDay)} a day`,
      `${perDay / 10_000} % a day`,
    ]);
    expect(row('with locks, one day')).toEqual([text(guessesIn(DAY_MS)), '4 · 10⁻⁵']);
    expect(row('with locks, until nothing works any more')).toEqual(['100, over 3.5 days', '10⁻⁴']);
    expect([guessesIn(3.4 * DAY_MS) < 100, guessesIn(3.51 * DAY_MS)]).toEqual([true, 100]);
  });

  it('for the rules of verifications', () => {
    const { maxChecks, ttlSeconds, sends, cooldownSeconds } = defaultPolicy;
    const window = bounds['sends']?.properties;
    const lock = bounds['lock']?.properties;
    expect(row('checks per verification')[0]).toBe(`${maxChecks} (${range(bounds['maxChecks']!)})`);
    expect(row('life of a code')[0]).toBe(`${ttlSeconds} s (${range(bounds['ttlSeconds']!)})`);
    const { afterFailures, seconds } = defaultPolicy.lock;
    expect(row('consecutive failures')[0]).toBe(
      `delay from ${afterFailures} (${range(lock!['afterFailures']!)}), end at 100`,
    );
    expect(row('delays')[0]).toBe(`${seconds} s (${range(lock!['seconds']!)}), doubling, up to 1 h`);
    expect(row('cool-down')[0]).toBe(`${cooldownSeconds} s (${range(bounds['cooldownSeconds']!)})`);
    expect(row('sends')[0]).toBe(
      `${sends.max} in ${sends.windowSeconds} s (${range(window!['max']!)} in ${range(window!['windowSeconds']!)})`,
    );
  });

  it('for what else is counted', () => {
    expect(row('deliveries')[0]).toBe(text(MAX_DELIVERIES));
    expect(row('purposes')[0]).toBe(text(MAX_PURPOSES));
    expect(row('body, headers')[0]).toContain(`${BODY_LIMIT_BYTES / 1024} KiB each`);
    expect(row('calls to a gateway')[0]).toContain(`${defaultLimits.inFlight} at a time`);
  });
});
