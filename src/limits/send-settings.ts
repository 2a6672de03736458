/** What an application may set about its sends: each family of rules owns its part. */
import type { CountSettings } from './counts/limit';
import type { MoneySettings } from './money/caps';
import type { PumpingSettings } from './pumping/pumping-mode';
import type { RiskCheckSetting } from './risk/risk-settings.dto';

export interface SendSettings extends CountSettings, MoneySettings, PumpingSettings {
  readonly riskChecks?: readonly RiskCheckSetting[];
}
