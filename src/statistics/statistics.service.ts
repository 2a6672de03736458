import { Injectable } from '@nestjs/common';
import type { Principal } from '../access/principal';
import { DomainError, unavailable } from '../common/errors';
import { invalidField } from '../common/validation';
import { RollUpService } from './roll-up.service';
import { toStatistics, type SummedCount } from './statistics';
import { toAnswer, type StatisticsAnswer, type StatisticsInput } from './statistics.dto';
import { StatisticsRepository, type StatisticsQuery } from './statistics.repository';

const MAX_GROUPS = 10_000;
const MAX_TIME_EXPIRED = 50;

/** Answers what texts cost and what became of them. */
@Injectable()
export class StatisticsService {
  constructor(
    private readonly statistics: StatisticsRepository,
    private readonly rollUp: RollUpService,
  ) {}

  /** @param caller null: the operator, who may see all applications */
  async read(caller: Principal | null, input: StatisticsInput): Promise<StatisticsAnswer> {
    const applicationId = applicationOf(caller, input);
    const { from, to, groupBy, where } = input;
    const scope = { ...(applicationId !== undefined && { applicationId }), from, to };
    const hoursBehind = await this.rollUp.catchUp(scope);
    const groups = toStatistics(await this.sum({ ...scope, groupBy, where }), groupBy);
    if (groups.length > MAX_GROUPS) throw tooMuch();
    return {
      data: groups.map(toAnswer),
      from: from.toISOString(),
      to: to.toISOString(),
      hoursBehind,
    };
  }

  private async sum(query: StatisticsQuery): Promise<SummedCount[]> {
    try {
      return await this.statistics.sum(query);
    } catch (error) {
      if ((error as { code?: unknown }).code !== MAX_TIME_EXPIRED) throw error;
      throw unavailable('There is too much to add up. Ask for a shorter range or fewer groups.');
    }
  }
}

function applicationOf(caller: Principal | null, input: StatisticsInput): string | undefined {
  if (!caller) return input.applicationId;
  const own = caller.applicationId;
  if (input.applicationId !== undefined && input.applicationId !== own)
    throw invalidField('applicationId', 'An API key sees its own application only: leave it out.');
  if (input.groupBy.includes('application'))
    throw invalidField('groupBy', 'An API key sees its own application only: leave application out.');
  return own;
}

function tooMuch(): DomainError {
  return invalidField('groupBy', `That makes more than ${MAX_GROUPS} groups: use fewer, or a shorter range.`);
}
