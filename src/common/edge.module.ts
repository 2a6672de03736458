import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { ShutdownState } from './shutdown-state';
import { RawBodyAdmission } from './http/body/raw-body';
import { Readiness } from './readiness';

/** Wraps the application, so that every module can inject the state of the process: `ShutdownState`, `Readiness`, `RawBodyAdmission`. */
@Module({})
export class EdgeModule {
  static around(
    appModule: Type | DynamicModule,
    shutdown = new ShutdownState(),
    admission = new RawBodyAdmission(),
  ): DynamicModule {
    return {
      module: EdgeModule,
      global: true,
      imports: [appModule],
      providers: [
        { provide: ShutdownState, useValue: shutdown },
        { provide: RawBodyAdmission, useValue: admission },
        Readiness,
      ],
      exports: [ShutdownState, RawBodyAdmission, Readiness],
    };
  }
}
