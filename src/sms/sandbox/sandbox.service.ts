import { Injectable } from '@nestjs/common';
import { mongo } from 'mongoose';
import type { Channel } from '../../common/channel';
import { newId } from '../../common/ids';
import { type PagePosition, encodeCursor } from '../../common/page-cursor';
import { KeyRing } from '../../keys/key-ring.service';
import type { SandboxSink, SmsMessage } from '../gateway';
import { SandboxRepository } from './sandbox.repository';
import type { SandboxDocument } from './sandbox.schema';

const KEPT_MS = 3_600_000;

/** A text as it would have reached the phone. */
export interface SandboxMessage {
  readonly id: string;
  /** E.164; the address of an e-mail. */
  readonly to: string;
  readonly channel: Channel;
  /** Of an e-mail; null on every other channel. */
  readonly subject: string | null;
  readonly text: string;
  readonly code: string;
  readonly sentAt: Date;
}

/** What is sealed. */
type Content = Omit<SandboxMessage, 'id' | 'sentAt'>;

export interface SandboxPage {
  readonly data: readonly SandboxMessage[];
  readonly nextCursor: string | null;
}

/** The inbox of the `console` gateway: texts kept for one hour, sealed, readable from every instance. */
@Injectable()
export class SandboxService implements SandboxSink {
  constructor(
    private readonly repository: SandboxRepository,
    private readonly keys: KeyRing,
  ) {}

  async add({ applicationId, to, channel, subject, text, code }: SmsMessage): Promise<void> {
    const id = newId();
    const kid = this.keys.current();
    const content: Content = { to, channel, subject, text, code };
    const sealed = this.keys.seal(kid, bindingOf(applicationId, id), JSON.stringify(content));
    const createdAt = new Date();
    await this.repository.insert({
      _id: id,
      applicationId,
      recipient: this.keys.recipientKey(applicationId, to),
      kid,
      sealed: new mongo.Binary(sealed),
      createdAt,
      expiresAt: new Date(createdAt.getTime() + KEPT_MS),
    });
  }

  /**
   * Newest first.
   * @param to E.164; null for all numbers of the application
   */
  async list(
    applicationId: string,
    to: string | null,
    { after, limit }: { readonly after: PagePosition | null; readonly limit: number },
  ): Promise<SandboxPage> {
    const recipient = to === null ? {} : { recipient: this.keys.recipientKey(applicationId, to) };
    const found = await this.repository.list({ applicationId, ...recipient, after, limit: limit + 1 });
    await this.learnKeys(found);
    const page = found.slice(0, limit);
    const last = page.at(-1);
    const hasMore = found.length > limit && last !== undefined;
    return {
      data: page.map((document) => this.open(document)),
      nextCursor: hasMore ? encodeCursor({ createdAt: last.createdAt, id: last._id }) : null,
    };
  }

  /** For the clean-up job. @returns how many were deleted, at most `limit`. */
  deleteExpired(limit: number): Promise<number> {
    return this.repository.deleteExpired(limit);
  }

  /** Another instance may sign with a key that this one has not read yet. */
  private async learnKeys(documents: readonly SandboxDocument[]): Promise<void> {
    if (documents.some(({ kid }) => !this.keys.knows(kid))) await this.keys.reload();
  }

  private open({ _id, applicationId, kid, sealed, createdAt }: SandboxDocument): SandboxMessage {
    const clear = this.keys.open(kid, bindingOf(applicationId, _id), sealed.buffer);
    return { id: _id, ...(JSON.parse(clear.toString('utf8')) as Content), sentAt: createdAt };
  }
}

/** A sealed text opens in its own document of its own application, and nowhere else. */
function bindingOf(applicationId: string, id: string) {
  return { slotId: applicationId, field: 'sandbox', verificationId: id };
}
