import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { ShutdownState } from './shutdown-state';
import { ImportAdmission } from './http/body/import-body';
import { RawBodyAdmission } from './http/body/raw-body';
import { Readiness } from './readiness';

/** What the edges share with the modules behind them. */
export class EdgeState {
  readonly shutdown = new ShutdownState();
  readonly rawBodies = new RawBodyAdmission();
  readonly imports = new ImportAdmission();
}

/**
 * Wraps the application, so that every module can inject the state of the process: `ShutdownState`, `Readiness`,
 * `RawBodyAdmission`, `ImportAdmission`.
 */
@Module({})
export class EdgeModule {
  static around(appModule: Type | DynamicModule, state = new EdgeState()): DynamicModule {
    return {
      module: EdgeModule,
      global: true,
      imports: [appModule],
      providers: [
        { provide: ShutdownState, useValue: state.shutdown },
        { provide: RawBodyAdmission, useValue: state.rawBodies },
        { provide: ImportAdmission, useValue: state.imports },
        Readiness,
      ],
      exports: [ShutdownState, RawBodyAdmission, ImportAdmission, Readiness],
    };
  }
}
