import { Global, Module } from '@nestjs/common';
import { Clock, systemClock } from './clock';
import { Random, systemRandom } from './random';

/** The ports that every feature may need, with their real implementations. */
@Global()
@Module({
  providers: [
    { provide: Clock, useValue: systemClock },
    { provide: Random, useValue: systemRandom },
  ],
  exports: [Clock, Random],
})
export class CommonModule {}
