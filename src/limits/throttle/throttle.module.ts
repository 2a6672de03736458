import { Module } from '@nestjs/common';
import { ThrottlerModule } from '@nestjs/throttler';
import { LimitSettings } from '../../../config/settings';
import { systemClock } from '../../common/clock';
import { ThrottleGuard } from './throttle.guard';
import { SlidingWindowStorage } from './throttle.storage';

const SECOND_MS = 1_000;

/** How much a caller may ask for. The order of the guards is set in `app.module.ts`. */
@Module({
  imports: [
    ThrottlerModule.forRootAsync({
      inject: [LimitSettings],
      useFactory: ({ throttlePerSecond }: LimitSettings) => ({
        throttlers: [{ ttl: SECOND_MS, limit: throttlePerSecond, skipIf: () => throttlePerSecond === 0 }],
        storage: new SlidingWindowStorage(systemClock),
        // Headers on every answer cost more than the counting and tell attackers how far they may go.
        setHeaders: false,
      }),
    }),
  ],
  providers: [ThrottleGuard],
  exports: [ThrottleGuard],
})
export class ThrottleModule {}
