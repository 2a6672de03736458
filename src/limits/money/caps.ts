/** Which caps a send is charged to. */

export const periods = ['day', 'month'] as const;
export type Period = (typeof periods)[number];

export interface Amount {
  readonly amountMicros: number;
  readonly currency: string;
}

export interface Budget {
  /** ISO 3166-1 alpha-2; absent: messages to all countries count. */
  readonly country?: string | undefined;
  readonly period: Period;
  readonly limit: Amount;
}

/** What an application sets about money. */
export interface MoneySettings {
  readonly budgets?: readonly Budget[] | undefined;
  /** Of one part, where the price book does not say; every application with budgets has one. */
  readonly assumedPrice?: Amount | undefined;
}

/** One budget of one application in one period. */
export interface Cap {
  /** Names its document. Another country, period or currency is another cap; another limit is not. */
  readonly id: string;
  /** The same without application and currency: `ES:2026-11-27`, `*:2026-11`. */
  readonly key: string;
  /** As previews and the audit log call it: `budgets.ES.day`, `budgets.day`. */
  readonly rule: string;
  readonly period: Period;
  readonly applicationId: string;
  readonly currency: string;
  readonly limitMicros: number;
  readonly endsAt: Date;
}

const ALL_COUNTRIES = '*';

/**
 * The caps of one send: those for all countries, and those for the country of its number.
 * @param now the database's time
 */
export function capsOf(
  applicationId: string,
  country: string | null,
  { budgets = [] }: MoneySettings,
  now: Date,
): Cap[] {
  return budgets
    .filter((budget) => isFor(budget, country))
    .map((budget) => capOf(applicationId, budget, now));
}

/** Whether any cap holds for messages to this country. */
export function isCapped({ budgets = [] }: MoneySettings, country: string | null): boolean {
  return budgets.some((budget) => isFor(budget, country));
}

function isFor(budget: Budget, country: string | null): boolean {
  return budget.country === undefined || budget.country === country;
}

function capOf(applicationId: string, { country, period, limit }: Budget, now: Date): Cap {
  const key = `${country ?? ALL_COUNTRIES}:${periodAt(period, now)}`;
  return {
    id: capId(applicationId, key, limit.currency),
    key,
    rule: ['budgets', ...(country === undefined ? [] : [country]), period].join('.'),
    period,
    applicationId,
    currency: limit.currency,
    limitMicros: limit.amountMicros,
    endsAt: endOf(period, now),
  };
}

export function capId(applicationId: string, key: string, currency: string): string {
  return `${applicationId}:${key}:${currency}`;
}

/** `2026-11-27` or `2026-11`. */
function periodAt(period: Period, now: Date): string {
  return now.toISOString().slice(0, period === 'day' ? 10 : 7);
}

function endOf(period: Period, now: Date): Date {
  const [year, month] = [now.getUTCFullYear(), now.getUTCMonth()];
  return new Date(
    period === 'day' ? Date.UTC(year, month, now.getUTCDate() + 1) : Date.UTC(year, month + 1, 1),
  );
}
