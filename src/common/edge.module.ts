import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { DrainState } from './drain-state';
import { RawBodyDoor } from './http/body/raw-body';
import { Readiness } from './readiness';

/** Wraps the application, so that every module can inject the state of the process: `DrainState`, `Readiness`, `RawBodyDoor`. */
@Module({})
export class EdgeModule {
  static around(
    appModule: Type | DynamicModule,
    drain = new DrainState(),
    door = new RawBodyDoor(),
  ): DynamicModule {
    return {
      module: EdgeModule,
      global: true,
      imports: [appModule],
      providers: [
        { provide: DrainState, useValue: drain },
        { provide: RawBodyDoor, useValue: door },
        Readiness,
      ],
      exports: [DrainState, RawBodyDoor, Readiness],
    };
  }
}
