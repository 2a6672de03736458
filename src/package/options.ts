import type { DynamicModule } from '@nestjs/common';
import type { Logger } from 'pino';
import type { EventSinkDefinition } from '../audit/sinks/event-sink';
import type { RiskCheckDefinition } from '../limits/risk/check';
import type { GatewayDefinition } from '../sms/gateway';
import type { TextDefinition } from '../sms/texts/text-definition';
import { prepare, type Prepared } from '../start';
import { extensionsWith } from './extensions';

/** What an embedding application decides; everything may be left out. */
export interface SixdigitOptions {
  /**
   * Settings by the names of `.env.example`, as text. Absent: the variables of the process.
   *
   * @example `{ MONGODB_URI: 'mongodb://127.0.0.1/otp', SMS_ROUTES: '*:twilio' }`
   */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** A file with more of them, which `env` wins over. Absent: none is read. */
  readonly envFile?: string | undefined;
  /** Takes the log, one JSON object per line. Absent: the standard output. */
  readonly logger?: Logger | undefined;
  /** Gateways beside those that are built in. They are routed by their names, as any other. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- each has settings of its own
  readonly gateways?: readonly GatewayDefinition<any>[] | undefined;
  /** Risk checks beside those that are built in. Applications choose them by their names. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- each has settings of its own
  readonly riskChecks?: readonly RiskCheckDefinition<any>[] | undefined;
  /** Texts in place of those that are built in. */
  readonly texts?: readonly TextDefinition[] | undefined;
  /** Who is told what is in the audit log. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- each has settings of its own
  readonly eventSinks?: readonly EventSinkDefinition<any>[] | undefined;
}

/** Options of an application that is Sixdigit, with modules of yours. */
export interface CreateOptions extends SixdigitOptions {
  /**
   * Your Nest modules, in the same container: they may inject `VerificationService`, `PhoneService` and `AuditService`.
   * Routes of their controllers are refused to everybody until `@Public()`, `@RequireScope(…)` or `@AdminOnly()` says
   * who may call them.
   */
  readonly imports?: NonNullable<DynamicModule['imports']> | undefined;
}

/** The first step of a start, from options. */
export function prepareFrom(options: SixdigitOptions): Promise<Prepared> {
  const { env, envFile = null } = options;
  return prepare({ environment: env, envFile }, extensionsWith(options));
}
