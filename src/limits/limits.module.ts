import { Module } from '@nestjs/common';
import { GATES } from './gate';
import { CountsGate } from './counts/counts.gate';
import { CountsModule } from './counts/counts.module';

/** What a send must pass. */
@Module({
  imports: [CountsModule],
  providers: [
    // In the order in which they are asked: the cheap ones first, and last those that charge.
    { provide: GATES, useFactory: (counts: CountsGate) => [counts], inject: [CountsGate] },
  ],
  exports: [GATES],
})
export class LimitsModule {}
