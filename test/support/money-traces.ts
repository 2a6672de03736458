import fc from 'fast-check';
import type { MoneyStep, MoneyTrace } from './money-trace';

const process = fc.nat(3);
const which = fc.nat(63);
const fate = fc.constantFrom('answered', 'answered', 'answered', 'unheard', 'lost');

const percent = fc.constantFrom(0, 40, 99, 100, 100, 130, 400);

const step: fc.Arbitrary<MoneyStep> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constant('charge'), process, parts: fc.integer({ min: 1, max: 3 }) }),
  },
  { weight: 12, arbitrary: fc.record({ do: fc.constant('database'), which, fate }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('refused'), which }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('report'), which, process, percent }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('costs'), which, percent }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('kill', 'tidy'), process }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('limit'), micros: fc.integer({ min: 1, max: 400 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('pass'),
      ms: fc.constantFrom(1, 900, 1_100, 11_000, 43_200_000, -43_200_000),
    }),
  },
);

/** Anything that may happen to up to four processes. */
export function aMoneyTrace(): fc.Arbitrary<MoneyTrace> {
  return fc.record({
    processes: fc.integer({ min: 1, max: 4 }),
    limitMicros: fc.integer({ min: 1, max: 300 }),
    steps: fc.array(step, { minLength: 10, maxLength: 80, size: 'max' }),
  });
}
