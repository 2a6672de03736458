import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { DrainState } from './drain-state';
import { Readiness } from './readiness';

/** Wraps the application, so that every module can inject the state of the process: `DrainState`, `Readiness`. */
@Module({})
export class EdgeModule {
  static around(appModule: Type | DynamicModule, drain = new DrainState()): DynamicModule {
    return {
      module: EdgeModule,
      global: true,
      imports: [appModule],
      providers: [{ provide: DrainState, useValue: drain }, Readiness],
      exports: [DrainState, Readiness],
    };
  }
}
