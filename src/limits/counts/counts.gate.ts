import { Injectable } from '@nestjs/common';
import { DomainError } from '../../common/errors';
import type { Confirmation, Gate, Passage, RuleDecision, SendCall } from '../gate';
import { CountsService } from './counts.service';

/** Shortest time for which a caller is told to stay away. */
const MIN_WAIT_SECONDS = 1;
const FAMILY = 'limits.';

/** Named limits, charged in MongoDB before the effect. */
@Injectable()
export class CountsGate implements Gate {
  constructor(private readonly counts: CountsService) {}

  preview(call: SendCall): Promise<readonly RuleDecision[]> {
    return this.counts.preview(call);
  }

  async enter(call: SendCall): Promise<Passage> {
    const { refused, now, undo } = await this.counts.charge(call);
    return { decisions: refused ? [refused] : [], refusal: refused && limitReached(refused, now), undo };
  }

  confirmed(call: SendCall, when: Confirmation): void {
    this.counts.confirmed(call, when);
  }
}

function limitReached({ rule, until }: RuleDecision, now: number): DomainError {
  const seconds = until ? (until.getTime() - now) / 1000 : MIN_WAIT_SECONDS;
  return new DomainError('limit_reached', {
    rule: rule.slice(FAMILY.length),
    detail: 'A limit of this application is reached; see its setting limits. Nothing was sent.',
    retryAfterSeconds: Math.max(MIN_WAIT_SECONDS, Math.ceil(seconds)),
  });
}
