import { Module } from '@nestjs/common';
import { CountsGate } from './counts.gate';

@Module({ providers: [CountsGate], exports: [CountsGate] })
export class CountsModule {}
