import { Injectable } from '@nestjs/common';
import { DomainError } from '../../common/errors';
import type { Confirmation, Gate, Passage, RuleDecision, SendCall } from '../gate';
import { CountsService, chargeOf, type Charge } from './counts.service';

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
    return passageOf(await this.counts.reserve(call));
  }

  confirmed(call: SendCall, when: Confirmation): void {
    this.counts.confirmed(call, when);
  }
}

function passageOf({ refused, now, undo, reserved }: Charge): Passage {
  const passage = {
    decisions: refused ? [refused] : [],
    refusal: refused && limitReached(refused, now),
    undo,
  };
  if (!reserved) return passage;
  const charge = async (): Promise<Passage> => passageOf(chargeOf(await reserved.charge(), now));
  return { ...passage, reservation: { rider: reserved.rider, charge, abandon: () => reserved.abandon() } };
}

function limitReached({ rule, until }: RuleDecision, now: number): DomainError {
  const seconds = until ? (until.getTime() - now) / 1000 : MIN_WAIT_SECONDS;
  return new DomainError('limit_reached', {
    rule: rule.slice(FAMILY.length),
    detail: 'A limit of this application is reached; see its setting limits. Nothing was sent.',
    retryAfterSeconds: Math.max(MIN_WAIT_SECONDS, Math.ceil(seconds)),
  });
}
