/** What a call brings to its command besides what it asks for. */
import { newId } from '../../common/ids';
import type { Channel } from '../../common/channel';
import type { Rider } from '../../common/mongo/ride';
import type { Payment } from '../../limits/money/payment';
import type { ClientCommand } from '../slots/rules/decision';
import type { CallContext } from './call-context';
import type { RunIds } from './idempotency/idempotency';

/** Under which name a slot remembers the call, and whether it may be asked for as long as an idempotency record lives. */
export type Operation = Pick<ClientCommand, 'op' | 'keyed'>;

/** What a create adds to that: its id, and what is noted of it. */
export interface CreateOperation extends Operation {
  readonly id: string;
  readonly risk?: string | undefined;
}

/** What the gates say of a send that may be. */
export interface Admitted {
  /** To be noted of it. */
  readonly risk?: string | undefined;
  /** To be written with it. */
  readonly rider: Rider | null;
  /** Put aside for its first gateway call. */
  readonly payment: Payment | null;
}

/** What a resend asks for. */
export interface ResendAsk {
  readonly channel: Channel;
  readonly locale: string | null;
}

export const operationOf = ({ opId, keyed }: RunIds): Operation => ({ op: opId, keyed });

/** A call that nobody asks for again under a key. */
export const unkeyed = ({ application, actor }: CallContext): ClientCommand => ({
  applicationId: application.id,
  actor,
  op: newId(),
  keyed: false,
});
