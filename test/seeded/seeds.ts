import type { Seed } from './seed';

const slots = 'src/otp/slots';
const rules = `${slots}/rules`;
const commit = `${slots}/commit`;
const regressions = 'test/regressions';

/** The faults that this design is there to prevent. A test that does not notice its own proves nothing. */
export const seeds: readonly Seed[] = [
  {
    fault: 'compare, then increment',
    removed: 'a guess is answered when it is compared; the count follows in the write after that',
    edits: [
      {
        file: `${commit}/batch-commit.ts`,
        from: 'if (!plan.change) answer(plan);',
        to: 'answer(plan);',
      },
    ],
    near: [`${commit}/races.int-spec.ts`],
    far: [`${regressions}/r01-counter-read-then-written.e2e-spec.ts`],
  },
  {
    fault: 'approve without state guard',
    removed: 'nobody looks whether it was approved before, and the code stays',
    edits: [
      {
        file: `${rules}/life.ts`,
        from: "return status === 'pending' ? null : { kind: 'ended', status };",
        to: "return status === 'pending' || status === 'approved' ? null : { kind: 'ended', status };",
      },
      {
        file: `${rules}/life.ts`,
        from: '  const { mac: _, sealed: __, ...rest } = record;\n  return { ...rest, status, endedAt, seq };',
        to: '  return { ...record, status, endedAt, seq };',
      },
    ],
    near: [`${rules}/check.spec.ts`, `${commit}/races.int-spec.ts`],
    far: [
      `${regressions}/r02-judged-and-consumed-apart.e2e-spec.ts`,
      `${regressions}/r18-code-used-again.e2e-spec.ts`,
    ],
  },
  {
    fault: 'failures reset on resend',
    removed: 'a code that is sent again gives all guesses anew',
    edits: [
      {
        file: `${rules}/resend.ts`,
        from: '      current: withDelivery(current, leasedDelivery(delivery, command, now)),',
        to: '      current: { ...withDelivery(current, leasedDelivery(delivery, command, now)), checksUsed: 0 },\n      failures: 0,',
      },
    ],
    near: [`${rules}/resend.spec.ts`, `${rules}/any-life.spec.ts`],
    far: [`${regressions}/r04-new-code-new-budget.e2e-spec.ts`],
  },
  {
    fault: 'write concern 1',
    removed: 'a write is answered when the primary alone has it',
    edits: [
      {
        file: `${slots}/slot.repository.ts`,
        from: "const writeConcern = { w: 'majority', j: true, wtimeout: WRITE_MS };",
        to: 'const writeConcern = { w: 1, j: true, wtimeout: WRITE_MS };',
      },
    ],
    near: [],
    far: ['test/faults/replica-write-concern.e2e-spec.ts'],
  },
  {
    fault: 'no fencing',
    removed: 'a result counts whoever brings it: the owner of the lease is not compared',
    edits: [
      {
        file: `${rules}/delivery/place.ts`,
        from: 'return lease?.owner === leaseOwner && lease.n === leaseN;',
        to: 'return lease !== undefined && leaseOwner.length + leaseN > 0;',
      },
    ],
    near: [`${rules}/delivery/result.spec.ts`, 'src/otp/deliveries/follow-up.service.int-spec.ts'],
    far: [],
  },
  {
    fault: 'expiry by TTL only',
    removed: 'a code lives until the next pass of a job, a minute later',
    edits: [
      {
        file: `${rules}/life.ts`,
        from: 'return now.getTime() >= record.expiresAt.getTime();',
        to: 'return now.getTime() >= record.expiresAt.getTime() + 60_000;',
      },
    ],
    near: [`${rules}/life.spec.ts`, `${rules}/check.spec.ts`],
    far: [`${regressions}/r16-expiry-left-to-a-job.e2e-spec.ts`],
  },
  {
    fault: 'limiter in memory',
    removed: 'a process counts its own sends, and not those that others wrote into the log',
    edits: [
      {
        file: 'src/limits/counts/window-ledger.ts',
        from: 'const cells = keys.map((key, index) => ({ key,',
        to: 'const cells = keys.slice(keys.length).map((key, index) => ({ key,',
      },
    ],
    near: ['src/limits/counts/counts.int-spec.ts'],
    far: [],
  },
  {
    fault: 'charge beside its send',
    removed: 'a slot is written although the charge that goes first in its command was refused',
    edits: [
      {
        file: `${commit}/batch-commit.ts`,
        from: 'this.store.write(statements, true)',
        to: 'this.store.write(statements, false)',
      },
    ],
    near: ['src/limits/counts/rides.int-spec.ts'],
    far: [],
  },
  {
    fault: 'charge that others do not count in',
    removed: 'a charge goes with its send whatever others have added to the log meanwhile',
    edits: [
      {
        file: 'src/limits/log/limit-log.repository.ts',
        from: 'return { q: { _id: page, n: seen },',
        to: 'return { q: { _id: page },',
      },
    ],
    near: ['src/limits/counts/rides.int-spec.ts'],
    far: [],
  },
  {
    fault: 'refund given twice',
    removed: 'a refund whose answer was lost is written again',
    edits: [
      {
        file: 'src/limits/counts/window-ledger.ts',
        from: "if (kind === 'refund') this.apply('charge', cells, at, at);",
        to: 'this.log.add({ record: recordOf(kind, cells, at) }, true);',
      },
    ],
    near: ['src/limits/counts/counts.int-spec.ts'],
    far: [],
  },
  {
    fault: 'refund missing: a limit',
    removed: 'what was charged for a send that is refused afterwards stays charged',
    edits: [
      {
        file: 'src/limits/counts/window-ledger.ts',
        from: 'const undo = (): void => this.giveBack(pending);',
        to: 'const undo = (): void => undefined;',
      },
    ],
    near: ['src/limits/counts/counts.int-spec.ts'],
    far: [],
  },
  {
    fault: 'refund missing: a budget',
    removed: 'what was put aside for a call that is not made is spent',
    edits: [
      {
        file: 'src/limits/money/payment.ts',
        from: '    this.settle(0);',
        to: '    this.settle(this.micros);',
      },
    ],
    near: ['src/limits/money/money.service.spec.ts', 'src/otp/deliveries/paid-calls.int-spec.ts'],
    far: [],
  },
  {
    fault: 'refund twice: a budget',
    removed: 'whoever gives back twice gets twice',
    edits: [
      {
        file: 'src/limits/money/payment.ts',
        from: '    if (!this.isOpen) return;\n    this.isOpen = false;',
        to: '    this.isOpen = false;',
      },
    ],
    near: ['src/limits/money/money.service.spec.ts'],
    far: [],
  },
  {
    fault: 'cap read, then charged',
    removed: 'money is taken out of a cap that had it when somebody last looked',
    edits: [
      {
        file: 'src/limits/money/budgets.repository.ts',
        from: 'const q = { _id: cap.id, allottedMicros: { $lte: cap.limitMicros - micros } };',
        to: 'const q = { _id: cap.id, allottedMicros: { $lte: Number.MAX_SAFE_INTEGER } };',
      },
    ],
    near: ['src/limits/money/budgets.repository.int-spec.ts'],
    far: [],
  },
  {
    fault: 'refund missing: a send',
    removed: 'a text that every gateway refused counts against the window of sends',
    edits: [
      {
        file: `${rules}/delivery/result.ts`,
        from: 'return charged < 0 ? sends : sends.toSpliced(charged, 1);',
        to: 'return charged < 0 ? sends : [...sends];',
      },
    ],
    near: [`${rules}/delivery/result.spec.ts`],
    far: [],
  },
  {
    fault: 'version not compared',
    removed: 'a write takes effect on whatever version of the slot is there',
    edits: [
      {
        file: `${commit}/statement.ts`,
        from: 'statement: { q: { ...filterOf(old, guard, now) }, u: changes }',
        to: 'statement: { q: { ...filterOf(old, guard, now), v: { $gt: 0 } }, u: changes }',
      },
    ],
    near: [`${commit}/versions.int-spec.ts`, `${commit}/races.int-spec.ts`],
    // Two processes that share a machine meet too seldom between a read and a write.
    far: [],
  },
  {
    fault: 'cache believed after an unknown outcome',
    removed: 'a write without an answer is taken for done, remembered and told',
    edits: [
      {
        file: `${commit}/batch-commit.ts`,
        from: "if (classifyFailure(error) === 'indeterminate') await this.settle(plans, 'unknown');",
        to: "if (classifyFailure(error) === 'indeterminate') this.took(plans);",
      },
    ],
    near: [`${commit}/lost-answers.int-spec.ts`],
    far: [],
  },
  {
    fault: 'cache believed without a write',
    removed: 'a refusal is told from memory, without a look at what others have written',
    edits: [
      {
        file: `${commit}/plan.ts`,
        from: 'return failed.length === 0 && decided.every(({ isEffective }) => isEffective);',
        to: 'return failed.length === 0 && decided.length > 0;',
      },
    ],
    near: [`${commit}/versions.int-spec.ts`],
    far: [`${regressions}/r27-limits-in-memory.e2e-spec.ts`],
  },
  {
    fault: 'key read, then claimed',
    removed: 'a repeat that meets the first call under way takes it over',
    edits: [
      {
        file: 'src/otp/verifications/idempotency/claim.pipeline.ts',
        from: "return { $or: [{ $eq: ['$state', 'suspended'] }, died] };",
        to: "return { $or: [{ $ne: ['$state', 'done'] }, died] };",
      },
    ],
    near: ['src/otp/verifications/idempotency/idempotency.int-spec.ts'],
    far: [`${regressions}/r19-texts-without-end.e2e-spec.ts`],
  },
];
