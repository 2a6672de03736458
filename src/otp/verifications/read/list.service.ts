import { Injectable } from '@nestjs/common';
import type { Application, Principal } from '../../../applications/application';
import { KeyRing } from '../../../keys/key-ring.service';
import { PhoneService } from '../../../phone/phone.service';
import { ReadModelService } from '../../relay/read-model/read-model.service';
import { ReaderService } from './reader.service';
import type { List, VerificationAnswer } from '../verifications.dto';

const DEFAULT_LIMIT = 50;

/** Lists verifications from the read model, which is at most a second behind. */
@Injectable()
export class ListService {
  constructor(
    private readonly history: ReadModelService,
    private readonly reader: ReaderService,
    private readonly phones: PhoneService,
    private readonly keys: KeyRing,
  ) {}

  /** @throws DomainError `phone_invalid` for `to`, `invalid_request` for a cursor that is none. */
  async list(
    { application }: Principal,
    query: List,
  ): Promise<{ data: VerificationAnswer[]; nextCursor: string | null }> {
    const { to, createdAfter, createdBefore, limit = DEFAULT_LIMIT, ...rest } = query;
    const page = await this.history.list(application.id, {
      ...rest,
      limit,
      ...(to === undefined ? {} : { recipient: this.recipient(application, to) }),
      ...(createdAfter === undefined ? {} : { createdAfter: new Date(createdAfter) }),
      ...(createdBefore === undefined ? {} : { createdBefore: new Date(createdBefore) }),
    });
    const data = await Promise.all(
      page.items.map((snapshot) => this.reader.renderSnapshot(application, snapshot)),
    );
    return { data, nextCursor: page.nextCursor };
  }

  /** A plus sign that was not encoded arrives as a space. */
  private recipient(application: Application, to: string): string {
    const number = this.phones.canonical({ to: to.replace(/^ (?=\d)/, '+') });
    return this.keys.recipientKey(application.id, number.e164);
  }
}
