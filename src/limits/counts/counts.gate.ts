import { Injectable } from '@nestjs/common';
import type { Gate, Passage, RuleDecision } from '../gate';

/** Named limits, charged in MongoDB before the effect. */
@Injectable()
export class CountsGate implements Gate {
  preview(): readonly RuleDecision[] {
    return [];
  }

  enter(): Passage {
    return { decisions: [], refusal: null };
  }
}
