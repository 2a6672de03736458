import { Global, Module } from '@nestjs/common';
import { Clock, systemClock } from './clock';
import { Jobs } from './jobs/jobs';
import { Random, systemRandom } from './random';

/** The ports that every feature may need, with their real implementations, and the list of scheduled work. */
@Global()
@Module({
  providers: [{ provide: Clock, useValue: systemClock }, { provide: Random, useValue: systemRandom }, Jobs],
  exports: [Clock, Random, Jobs],
})
export class CommonModule {}
