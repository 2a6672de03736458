import {
  type BeforeApplicationShutdown,
  type DynamicModule,
  type FactoryProvider,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { AuditService } from '../services/audit.service';
import { PhoneService } from '../services/phone.service';
import { VerificationService } from '../services/verification.service';
import { type MountOptions, MountedSixdigit } from './mounted';
import { shareLogger } from './shared-logger';

const OPTIONS = Symbol('SIXDIGIT_OPTIONS');

/** Options that have to be asked for, e.g. of a `ConfigService`. */
export interface MountFactory extends Pick<DynamicModule, 'imports'>, Pick<FactoryProvider, 'inject'> {
  /** Its arguments are what `inject` names. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- typed by whoever writes it, as everywhere in Nest
  readonly useFactory: (...injected: any[]) => MountOptions | Promise<MountOptions>;
}

/**
 * Sixdigit inside of an application of yours. It runs in a container of its own: your guards, pipes, filters and
 * connections do not touch it, nor its yours. It starts with your application, which fails to start when Sixdigit cannot
 * (with `SettingsError`, `StartupError`), and ends with it, in good order, when you have called `enableShutdownHooks()`.
 *
 * `VerificationService`, `PhoneService` and `AuditService` may be injected everywhere.
 *
 * @example
 * ```ts
 * SixdigitModule.register({ prefix: '/otp', env: { MONGODB_URI: '…', SMS_ROUTES: '*:twilio' } })
 * ```
 */
@Module({})
export class SixdigitModule
  implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown
{
  constructor(
    private readonly mounted: MountedSixdigit,
    private readonly host: HttpAdapterHost,
  ) {}

  /** Once per application. */
  static register(options: MountOptions = {}): DynamicModule {
    return SixdigitModule.registerAsync({ useFactory: () => options });
  }

  /** As `register`, with options from a factory. */
  static registerAsync({ imports = [], inject = [], useFactory }: MountFactory): DynamicModule {
    const services = [VerificationService, PhoneService, AuditService];
    return {
      module: SixdigitModule,
      global: true,
      imports,
      providers: [
        { provide: OPTIONS, useFactory, inject },
        {
          provide: MountedSixdigit,
          useFactory: (options: MountOptions, host: HttpAdapterHost) => MountedSixdigit.open(options, host),
          inject: [OPTIONS, HttpAdapterHost],
        },
        ...services.map((type) => ({
          provide: type,
          useFactory: (mounted: MountedSixdigit): object => mounted.service<object>(type),
          inject: [MountedSixdigit],
        })),
      ],
      exports: services,
    };
  }

  /** @internal */
  onModuleInit(): void {
    this.mounted.serveUnder(this.host);
  }

  /** @internal */
  onApplicationBootstrap(): void {
    shareLogger();
  }

  /** @internal */
  async beforeApplicationShutdown(): Promise<void> {
    await this.mounted.finishRequests();
  }

  /** @internal */
  async onApplicationShutdown(): Promise<void> {
    await this.mounted.close();
  }
}
