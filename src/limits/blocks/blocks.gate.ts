import { Injectable } from '@nestjs/common';
import { DomainError } from '../../common/errors';
import { KeyRing } from '../../keys/key-ring.service';
import type { Gate, GateNotes, Passage, RuleDecision, SendCall } from '../gate';
import { STOP, type Block } from './block';
import { deviceKey } from './values/block-keys';
import { BlockLists } from './memory/block-lists.service';
import type { BlockList, Subject } from './memory/block-list';

const silent: Passage = { decisions: [], refusal: null };

/**
 * First of the gates, because it costs nothing: what is on the block list is not sent to, whatever else would be
 * said. Without an entry that fits it says nothing at all.
 */
@Injectable()
export class BlocksGate implements Gate {
  constructor(
    private readonly lists: BlockLists,
    private readonly keys: KeyRing,
  ) {}

  async preview(call: SendCall): Promise<readonly RuleDecision[]> {
    return (await this.enter(call)).decisions;
  }

  async previewNotes(call: SendCall): Promise<GateNotes | undefined> {
    return (await this.enter(call)).notes;
  }

  /** Charges nothing. @throws DomainError `unavailable` when the lists cannot be read */
  enter(call: SendCall): Passage | Promise<Passage> {
    const list = this.lists.of(call.applicationId);
    return list instanceof Promise ? list.then((read) => this.judge(call, read)) : this.judge(call, list);
  }

  private judge(call: SendCall, list: BlockList): Passage {
    if (list.size === 0) return silent;
    const found = list.find(this.subjectOf(call), this.lists.now());
    return found ? passageOf(found) : silent;
  }

  private subjectOf({ applicationId, number, country, clientIp, deviceId }: SendCall): Subject {
    return {
      e164: number,
      country,
      clientIp,
      numberKey: () => this.keys.recipientKey(applicationId, number),
      deviceKey: () => (deviceId === null ? null : deviceKey(this.keys, applicationId, deviceId)),
    };
  }
}

function passageOf(block: Block): Passage {
  const { list, kind, expiresAt, origin } = block;
  const rule = { rule: `blocks.${kind}`, value: null, limit: null, until: expiresAt };
  if (list === 'block') {
    const because = origin === STOP ? STOP : 'block_list';
    return { decisions: [{ ...rule, outcome: 'refused', because }], refusal: blocked() };
  }
  const decisions = [{ ...rule, outcome: 'allowed', because: 'allow_list' }] as const;
  // A country or a network on the list is no reason to let anybody pump there.
  return kind === 'number'
    ? { decisions, refusal: null, notes: { isAllowListed: true } }
    : { decisions, refusal: null };
}

/** Says neither which entry it was nor when it ends. */
function blocked(): DomainError {
  return new DomainError('number_blocked', {
    detail: 'The application does not send to this number now; see its block list.',
  });
}
