/** What the demo's server tells its page. */
export interface TryState {
  readonly step: 'number' | 'code' | 'done';
  /** What the phone of this visit has got, newest first. */
  readonly messages: readonly TryMessage[];
}

export interface TryMessage {
  readonly id: string;
  readonly channel: string;
  readonly text: string;
  readonly code: string;
  /** ISO 8601. */
  readonly sentAt: string;
}

/** What the demo's backend got for the result. */
export interface TryProof {
  readonly valid: boolean;
  readonly to: string;
  readonly approvedAt: string;
}
