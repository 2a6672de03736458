import { Module, type OnModuleInit } from '@nestjs/common';
import { AuditModule } from '../../audit/audit.module';
import type { Money } from '../../common/money';
import { Readiness } from '../../common/readiness';
import { DeliveriesModule } from '../../otp/deliveries/deliveries.module';
import { ReceiptsModule } from '../../otp/deliveries/receipts/receipts.module';
import { PhoneModule } from '../../phone/phone.module';
import { SmsModule } from '../../sms/sms.module';
import { SmsService } from '../../sms/sms.service';
import { Balances } from './balances.service';
import { gatewayHealth } from './gateway-view';
import { GatewaysController } from './gateways.controller';
import { GatewaysService } from './gateways.service';
import { TestSendService } from './test-send.service';

/** The operator's view of the gateways. */
@Module({
  imports: [AuditModule, PhoneModule, DeliveriesModule, ReceiptsModule, SmsModule],
  controllers: [GatewaysController],
  providers: [Balances, GatewaysService, TestSendService],
})
export class GatewaysModule implements OnModuleInit {
  constructor(
    private readonly readiness: Readiness,
    private readonly sms: SmsService,
    private readonly balances: Balances,
  ) {}

  onModuleInit(): void {
    const check = () => Promise.resolve(gatewayHealth(this.sms.report(), (name) => this.balanceOf(name)));
    this.readiness.add({ name: 'gateways', check });
  }

  private balanceOf(gateway: string): Money | null {
    return this.sms.supports(gateway).balance ? (this.balances.latest(gateway)?.balance ?? null) : null;
  }
}
