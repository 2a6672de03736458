import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { ShutdownState } from './shutdown-state';
import { RawBodyDoor } from './http/body/raw-body';
import { Readiness } from './readiness';

/** Wraps the application, so that every module can inject the state of the process: `ShutdownState`, `Readiness`, `RawBodyDoor`. */
@Module({})
export class EdgeModule {
  static around(
    appModule: Type | DynamicModule,
    drain = new ShutdownState(),
    door = new RawBodyDoor(),
  ): DynamicModule {
    return {
      module: EdgeModule,
      global: true,
      imports: [appModule],
      providers: [
        { provide: ShutdownState, useValue: drain },
        { provide: RawBodyDoor, useValue: door },
        Readiness,
      ],
      exports: [ShutdownState, RawBodyDoor, Readiness],
    };
  }
}
