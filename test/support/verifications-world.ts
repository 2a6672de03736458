/** Verifications without a database or a gateway: the services and rules themselves, over fakes of what is outside. */
import type { ServerSettings } from '../../config/settings';
import type { Application, ApplicationSettings } from '../../src/applications/application';
import type { ApplicationsService } from '../../src/applications/applications.service';
import type { AuditService } from '../../src/audit/audit.service';
import type { Refusal } from '../../src/audit/refusals';
import { systemRandom } from '../../src/common/random';
import type { KeyRing } from '../../src/keys/key-ring.service';
import type { ClaimedDelivery, DispatchService } from '../../src/otp/deliveries/dispatch.service';
import type { ReadModelService } from '../../src/otp/relay/read-model/read-model.service';
import type { VerificationSnapshot } from '../../src/otp/relay/read-model/snapshot';
import { SealedService } from '../../src/otp/slots/sealed.service';
import { AdmissionService } from '../../src/otp/verifications/admission/admission.service';
import { contextOf, type CallContext } from '../../src/otp/verifications/call-context';
import { ChecksService } from '../../src/otp/verifications/checks.service';
import { CommandsService } from '../../src/otp/verifications/commands.service';
import type { Claim, IdempotencyRecord } from '../../src/otp/verifications/idempotency/idempotency';
import type { IdempotencyRepository } from '../../src/otp/verifications/idempotency/idempotency.repository';
import { IdempotencyService } from '../../src/otp/verifications/idempotency/idempotency.service';
import { PreviewService } from '../../src/otp/verifications/preview/preview.service';
import { ReaderService } from '../../src/otp/verifications/read/reader.service';
import { SendsService } from '../../src/otp/verifications/sends.service';
import { RefusalsService } from '../../src/otp/verifications/refusals.service';
import { CodesService } from '../../src/otp/verifications/start/codes.service';
import { PlanService } from '../../src/otp/verifications/start/plan.service';
import type { StartRequest } from '../../src/otp/verifications/start/start-plan';
import {
  VerificationsService,
  type CallOptions,
  type RecipientGuess,
} from '../../src/otp/verifications/verifications.service';
import type { Gate } from '../../src/limits/gate';
import type { WrongGuesses } from '../../src/limits/guesses/wrong-guesses.service';
import { systemClock } from '../../src/common/clock';
import { PhoneService } from '../../src/phone/phone.service';
import type { SmsService } from '../../src/sms/sms.service';
import { aKeyRing } from '../builders/key-ring';
import { FakeSlots } from '../fakes/slots.fake';

/** Takes every message, and remembers what it would have said. */
class SmsOutbox {
  readonly codes: string[] = [];
  readonly awaited: string[] = [];

  constructor(private readonly sealed: SealedService) {}

  admit(): void {}

  newLease() {
    return { leaseOwner: 'me', leaseMs: 30_000, leaseStart: 0 };
  }

  async send({ slot, deliveryId, known }: ClaimedDelivery): Promise<void> {
    if (!slot.current.deliveries.some(({ id }) => id === deliveryId)) return;
    const code = known?.code ?? this.sealed.openCode(slot._id, slot.current);
    if (code) this.codes.push(code);
  }

  async settled(deliveryId: string): Promise<void> {
    this.awaited.push(deliveryId);
  }

  lastCode(): string {
    return this.codes.at(-1) ?? 'none was sent';
  }
}

/** The records of keys, claimed as the database claims them; time stands still. */
class FakeRecords {
  readonly stored = new Map<string, IdempotencyRecord>();

  async claim(id: string, claim: Claim): Promise<IdempotencyRecord> {
    const running = { state: 'running', takenAt: new Date(), expiresAt: new Date() } as const;
    const fresh = { _id: id, ...claim, ...running, response: null };
    const old = this.stored.get(id) ?? fresh;
    const isMine = old.state === 'suspended' && old.fingerprint === claim.fingerprint;
    const record = isMine ? { ...old, ...running, attempt: claim.attempt } : old;
    this.stored.set(id, record);
    return record;
  }

  async finish(id: string, attempt: string, response: IdempotencyRecord['response']): Promise<boolean> {
    return this.change(id, attempt, { state: 'done', response });
  }

  async suspend(id: string, attempt: string): Promise<boolean> {
    return this.change(id, attempt, { state: 'suspended' });
  }

  async remove(id: string): Promise<boolean> {
    return this.stored.delete(id);
  }

  private change(id: string, attempt: string, change: Partial<IdempotencyRecord>): boolean {
    const record = this.stored.get(id);
    if (record?.attempt !== attempt) return false;
    this.stored.set(id, { ...record, ...change });
    return true;
  }
}

interface Parts {
  readonly settings?: ApplicationSettings;
  readonly keys?: KeyRing;
  /** What a send must pass; nothing by default. */
  readonly gates?: readonly Gate[];
  /** The count of wrong guesses; endless by default. */
  readonly guesses?: Pick<WrongGuesses, 'admit' | 'add'>;
}

const anyGuesses = { admit: async () => undefined, add: () => undefined };

/** `otp` makes its calls in the context `context`; `service` takes any. */
export function verificationsWorld({
  settings = {},
  keys = aKeyRing(),
  gates = [],
  guesses = anyGuesses,
}: Parts = {}) {
  const context = aContext('app', settings);
  const slots = new FakeSlots();
  const sealed = new SealedService(keys);
  const sms = new SmsOutbox(sealed);
  const refusals: Refusal[] = [];
  const snapshots = new Map<string, VerificationSnapshot>();
  const readModel = {
    find: async (applicationId: string, id: string) => {
      const found = snapshots.get(id);
      return found?.applicationId === applicationId ? { ...found, now: slots.now } : null;
    },
  } as unknown as ReadModelService;
  const audit = { recordRefusal: (refusal: Refusal) => refusals.push(refusal) } as unknown as AuditService;
  const phones = new PhoneService({ defaultCountry: null }, systemClock);
  const codes = new CodesService(keys, sealed, systemRandom);
  const reader = new ReaderService(slots.asService(), readModel, sealed, phones, keys);
  const commands = new CommandsService(slots.asService(), codes, sms as unknown as DispatchService, keys);
  const checks = new ChecksService(slots.asService(), codes, keys, phones, guesses);
  const purposes: string[] = [];
  const registered = {
    registerPurpose: async (_: Application, purpose: string) => void purposes.push(purpose),
  } as unknown as ApplicationsService;
  const plans = new PlanService(phones, registered, smsAlone, keys, {
    isProduction: false,
  } as ServerSettings);
  const admission = new AdmissionService(gates, audit);
  const previews = new PreviewService(plans, admission, commands);
  const service = new VerificationsService(
    new SendsService(plans, admission, commands),
    checks,
    reader,
    new IdempotencyService(new FakeRecords() as unknown as IdempotencyRepository, keys),
    new RefusalsService(audit, reader),
  );
  const otp = {
    ...callsIn(context, service),
    preview: (request: StartRequest) => previews.preview(context, request),
  };
  return { otp, service, context, slots, sms, refusals, snapshots, keys, purposes };
}

const smsAlone = {
  candidates: (channel: string) => (channel === 'sms' ? ['fake'] : []),
} as unknown as SmsService;

export function aContext(applicationId: string, settings: ApplicationSettings = {}): CallContext {
  const application: Application = {
    id: applicationId,
    name: applicationId,
    settings,
    createdAt: new Date(0),
    purposes: [],
  };
  return contextOf(application, 'key');
}

function callsIn(context: CallContext, service: VerificationsService) {
  return {
    start: (request: StartRequest, options?: CallOptions) => service.start(context, request, options),
    check: (id: string, code: string, options?: CallOptions) => service.check(context, id, { code }, options),
    checkRecipient: (guess: RecipientGuess, options?: CallOptions) =>
      service.checkRecipient(context, guess, options),
    send: (id: string) => service.send(context, id),
    cancel: (id: string) => service.cancel(context, id),
    read: (id: string) => service.read(context, id),
  };
}
