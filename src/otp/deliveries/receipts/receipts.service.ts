import { Inject, Injectable } from '@nestjs/common';
import { AuditService } from '../../../audit/audit.service';
import { DomainError, unavailable } from '../../../common/errors';
import { SmsService } from '../../../sms/sms.service';
import type { ReceiptReading, ReceiptRequest } from '../../../sms/receipt';
import { ReceiptAddresses } from './links/receipt-addresses.service';
import type { ReceiptAddress } from './links/receipt-addresses.service';
import { ReceiptCounters } from './receipt-counters';
import { ReceiptReports } from './receipt-reports.service';

/** One call to a receipt address. */
export interface ReceiptCall {
  readonly gateway: string;
  readonly secret: string;
  /** The caller's address, for the audit trail only. */
  readonly ip: string;
  readonly request: ReceiptRequest;
}

/** What the vendor is answered. Plain text unless it is XML: never what a browser would show as a page. */
export interface ReceiptAnswer {
  readonly body: string;
  readonly contentType: 'text/plain' | NonNullable<Handshake['contentType']>;
}
type Handshake = Extract<ReceiptReading, { kind: 'handshake' }>;

const received: ReceiptAnswer = { body: '', contentType: 'text/plain' };

/** What gateways call: who calls, is it authentic, what does it say; answered once that is written down. */
@Injectable()
export class ReceiptsService {
  constructor(
    @Inject(SmsService) private readonly sms: Pick<SmsService, 'supports' | 'readReceipts'>,
    private readonly addresses: ReceiptAddresses,
    @Inject(ReceiptReports) private readonly reports: Pick<ReceiptReports, 'take'>,
    @Inject(AuditService) private readonly audit: Pick<AuditService, 'recordRefusal'>,
    private readonly counters: ReceiptCounters,
  ) {}

  /**
   * An address that nobody was given is no address: unknown gateway and wrong secret look alike.
   * @throws DomainError `not_found`
   */
  admit(gateway: string, secret: string): ReceiptAddress {
    const address = this.sms.supports(gateway).receipts ? this.addresses.recognise(gateway, secret) : null;
    if (address) return address;
    this.counters.add('refused');
    throw new DomainError('not_found');
  }

  /** @throws DomainError */
  async receive({ gateway, secret, ip, request }: ReceiptCall): Promise<ReceiptAnswer> {
    const address = this.admit(gateway, secret);
    const reading = await this.sms.readReceipts(gateway, request);
    switch (reading?.kind) {
      case 'receipts':
        await this.reports.take(gateway, address, reading.receipts);
        return received;
      case 'handshake':
        return { body: reading.body, contentType: reading.contentType ?? 'text/plain' };
      case 'retry':
        throw unavailable('Not now. Send it again.', 30);
      case 'malformed':
        this.counters.drop(gateway, 'malformed');
        throw new DomainError('invalid_request', { detail: 'This is not what this vendor documents.' });
      default:
        throw this.forged(gateway, ip);
    }
  }

  private forged(gateway: string, ip: string): DomainError {
    this.counters.drop(gateway, 'forged');
    this.audit.recordRefusal({
      type: 'access_denied',
      applicationId: null,
      actor: 'anonymous',
      rule: 'receipt_forged',
      subject: `${gateway} ${ip}`,
    });
    return new DomainError('unauthorized', { detail: 'The signature is missing, wrong or too old.' });
  }
}
