/**
 * One process that spends a budget as fast as it can, to be killed. Every call that it "makes" is a line in a file,
 * written before anything else happens: the file is what a vendor would bill. A refusal is a zero. Arguments: mongodb URI, file, limit.
 */
import { openSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../src/common/clock';
import { openDurableClient } from '../../src/database/durable-connection';
import { BudgetsRepository } from '../../src/limits/money/budgets.repository';
import { MoneyService } from '../../src/limits/money/money.service';
import { Payment } from '../../src/limits/money/payment';
import { EACH_MICROS, moneySettings } from './money-campaign';

const [uri = '', file = '', limit = ''] = process.argv.slice(2);
const settings = moneySettings(Number(limit));
const bill = { applicationId: 'app', country: 'ES', settings, cost: () => ({ parts: 1, prices: [] }) };
const CALLS_AT_ONCE = 8;

/** The process is killed without notice: what is written is written. */
function billed(fd: number, micros: number): void {
  writeSync(fd, `${micros}\n`);
}

async function spend(money: MoneyService, fd: number): Promise<void> {
  for (;;) {
    const paid = await Promise.resolve(money.charge(bill)).catch(() => null);
    if (!(paid instanceof Payment)) {
      // Refused; where nobody can say, nothing is told.
      if (paid) billed(fd, 0);
      await sleep(50);
      continue;
    }
    const chance = Math.floor(performance.now() * 1_000) % 10;
    // One in ten is refused for certain, one in ten turns out to cost half.
    if (chance === 0) paid.giveBack();
    else {
      billed(fd, EACH_MICROS);
      const charge = paid.stands();
      if (chance === 1 && charge) {
        billed(fd, -EACH_MICROS / 2);
        money.settle('app', [{ charge, costMicros: EACH_MICROS / 2 }]);
      }
    }
    await sleep(1);
  }
}

async function main(): Promise<void> {
  const client = await openDurableClient(uri);
  const audit = { append: () => Promise.resolve() };
  const money = new MoneyService(new BudgetsRepository(client.db()), audit, systemClock);
  const fd = openSync(file, 'a');
  await Promise.all(Array.from({ length: CALLS_AT_ONCE }, () => spend(money, fd)));
}

main().catch(() => process.exit(1));
