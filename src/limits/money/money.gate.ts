import { Injectable } from '@nestjs/common';
import { DomainError } from '../../common/errors';
import type { Gate, Passage, RuleDecision, SendCall } from '../gate';
import type { Bill, CapView, Unpaid } from './bill';
import { isCapped } from './caps';
import type { CallCost } from './estimate';
import { MoneyService } from './money.service';
import type { Payment } from './payment';

const freeOfCharge: Passage = { decisions: [], refusal: null };

/** Puts the price of the first gateway call aside; each later call of the message is charged when it is made. */
@Injectable()
export class MoneyGate implements Gate {
  constructor(private readonly money: MoneyService) {}

  async preview(call: SendCall): Promise<readonly RuleDecision[]> {
    if (!isCapped(call.settings, call.country)) return [];
    const { micros, caps } = await this.money.look(billOf(call));
    return caps.map((view) => decisionOf(view, view.usedMicros + micros <= view.cap.limitMicros));
  }

  enter(call: SendCall): Passage | Promise<Passage> {
    if (!isCapped(call.settings, call.country)) return freeOfCharge;
    const paid = this.money.charge(billOf(call));
    return paid instanceof Promise ? paid.then((one) => this.passageOf(one)) : this.passageOf(paid);
  }

  private passageOf(paid: Payment | Unpaid): Passage {
    if ('refusedBy' in paid)
      return { decisions: [decisionOf(paid.refusedBy, false)], refusal: budgetExhausted() };
    return {
      decisions: this.money.viewsOf(paid).map((view) => decisionOf(view, true)),
      refusal: null,
      payment: paid,
      undo: () => paid.giveBack(),
    };
  }
}

function billOf({ applicationId, country, settings, cost = unknownCost }: SendCall): Bill {
  return { applicationId, country, settings, cost };
}

const unknownCost = (): CallCost => ({ parts: 1, prices: [] });

function decisionOf({ cap, usedMicros }: CapView, isAllowed: boolean): RuleDecision {
  return {
    rule: cap.rule,
    outcome: isAllowed ? 'allowed' : 'refused',
    value: usedMicros,
    limit: cap.limitMicros,
    until: isAllowed ? null : cap.endsAt,
  };
}

/** Which budget, and until when, is no business of whoever sends. */
const budgetExhausted = (): DomainError =>
  new DomainError('budget_exhausted', { detail: 'The budget for messages like this one is used up.' });
