import { Injectable } from '@nestjs/common';
import type { AuditEventType } from '../../audit/audit-event';
import { AuditPagesService } from '../../audit/audit-pages.service';
import { answering } from '../sixdigit-error';
import { applicationOf } from './on-behalf';
import type { OnBehalf } from './verification';

/** Which events. */
export interface ListAuditEvents extends OnBehalf {
  readonly verificationId?: string | undefined;
  readonly type?: AuditEventType | undefined;
  /** ISO 8601 with zone, inclusive. */
  readonly after?: string | undefined;
  /** ISO 8601 with zone, exclusive. */
  readonly before?: string | undefined;
  /** Absent: `newest` first. `oldest`: as they came. */
  readonly order?: 'newest' | 'oldest' | undefined;
  /** With `order: 'oldest'`: only what the log took in after this event, by its `id`. */
  readonly afterEvent?: string | undefined;
  /** 1–100; absent: 50. */
  readonly limit?: number | undefined;
  /** `nextCursor` of the page before. */
  readonly cursor?: string | undefined;
}

/** One line of the log: what happened, once and for all. Holds no code, no key and no clear number. */
export interface AuditEvent {
  /** The same event has the same id however often it is seen. */
  readonly id: string;
  readonly type: AuditEventType;
  /** ISO 8601. */
  readonly at: string;
  readonly applicationId: string | null;
  readonly verificationId: string | null;
  /** 1..n without gaps within a verification; null outside. */
  readonly seq: number | null;
  /** `key:<id>`, `admin`, `job:<name>` or `anonymous`; calls of services have `key:in-process`. */
  readonly actor: string;
  readonly purpose: string | null;
  /** Masked, e.g. `+34*******56`. */
  readonly to: string | null;
  readonly data: Readonly<Record<string, string | number | boolean | null>>;
}

/** A page of the log; `nextCursor` null: the last one. */
export interface AuditPage {
  readonly data: readonly AuditEvent[];
  readonly nextCursor: string | null;
}

/** The audit log of an application. */
@Injectable()
export class AuditService {
  constructor(private readonly audit: AuditPagesService) {}

  /**
   * Newest first, about three seconds behind.
   *
   * @throws SixdigitError `invalid_request`, `unavailable`
   */
  list(query: ListAuditEvents = {}): Promise<AuditPage> {
    const { applicationId: _, ...asked } = query;
    return answering(this.audit.ask(applicationOf(query), asked));
  }
}
