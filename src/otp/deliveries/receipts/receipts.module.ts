import { Logger, Module, type OnModuleInit } from '@nestjs/common';
import { ApplicationsModule } from '../../../applications/applications.module';
import { AuditModule } from '../../../audit/audit.module';
import { Clock } from '../../../common/clock';
import { RawBodyAdmission } from '../../../common/http/body/raw-body';
import { BlocksModule } from '../../../limits/blocks/blocks.module';
import { MoneyModule } from '../../../limits/money/money.module';
import { Readiness } from '../../../common/readiness';
import { ReceiptInbox } from '../../../sms/receipt-inbox';
import { SmsModule } from '../../../sms/sms.module';
import { ReadModelModule } from '../../relay/read-model/read-model.module';
import { SlotsModule } from '../../slots/slots.module';
import { DeliveriesModule } from '../deliveries.module';
import { dropLog } from './drop-log';
import { LateReceipts } from './late-receipts.service';
import { KeysModule } from '../../../keys/keys.module';
import { ReceiptCounters, receiptsProbe } from './receipt-counters';
import { ReceiptConsequences } from './receipt-consequences.service';
import { ReceiptFinder } from './receipt-finder.service';
import { ReceiptReports } from './receipt-reports.service';
import { ReceiptsController } from './receipts.controller';
import { ReceiptsService } from './receipts.service';

function shownCounters(readiness: Readiness, clock: Clock): ReceiptCounters {
  const counters = new ReceiptCounters(dropLog(new Logger('Receipts'), clock));
  readiness.add(receiptsProbe(counters));
  return counters;
}

/** The receiving side of receipts: by HTTP, and by connections that gateways keep themselves. */
@Module({
  imports: [
    ApplicationsModule,
    AuditModule,
    BlocksModule,
    ReadModelModule,
    DeliveriesModule,
    KeysModule,
    MoneyModule,
    SlotsModule,
    SmsModule,
  ],
  controllers: [ReceiptsController],
  providers: [
    { provide: ReceiptCounters, inject: [Readiness, Clock], useFactory: shownCounters },
    LateReceipts,
    ReceiptConsequences,
    ReceiptFinder,
    ReceiptReports,
    ReceiptsService,
  ],
  exports: [ReceiptCounters],
})
export class ReceiptsModule implements OnModuleInit {
  constructor(
    private readonly admission: RawBodyAdmission,
    private readonly inbox: ReceiptInbox,
    private readonly receipts: ReceiptsService,
    private readonly reports: ReceiptReports,
  ) {}

  onModuleInit(): void {
    this.admission.useCheck(({ gateway = '', secret = '' }) => void this.receipts.admit(gateway, secret));
    this.inbox.connect((gateway, receipts) => this.reports.take(gateway, { kind: 'account' }, receipts));
  }
}
