/** How fast old experience fades: the last thirty creates or so count. */
const WEIGHT = 1 / 30;
/** A wrong guess costs a failed statement and another round, a right one saves a read: it has to be right mostly. */
const LIKELY = 0.8;

/**
 * Whether a create is likely to be the first one of its recipient. At a sign-up nearly all are, at a login nearly none:
 * where they are, the read before the write is saved. A guess only: the write says whether it was right.
 */
export class Newcomers {
  private share = 0;

  get areLikely(): boolean {
    return this.share > LIKELY;
  }

  /** @param isNew what a create has met: no slot, or one that is there */
  met(isNew: boolean): void {
    this.share += ((isNew ? 1 : 0) - this.share) * WEIGHT;
  }
}
