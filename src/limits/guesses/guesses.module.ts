import { Module } from '@nestjs/common';
import { AuditModule } from '../../audit/audit.module';
import { CountsModule } from '../counts/counts.module';
import { WrongGuesses } from './wrong-guesses.service';

/** Wrong guesses of an application, over all its recipients. */
@Module({ imports: [AuditModule, CountsModule], providers: [WrongGuesses], exports: [WrongGuesses] })
export class GuessesModule {}
