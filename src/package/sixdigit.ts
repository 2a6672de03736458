/**
 * Everything that `import … from 'sixdigit'` finds, and nothing else is public. One of the two barrels of the house, with
 * `testing.ts`. What is exported here is a promise: docs/api/sixdigit.api.md shows it, and CI compares.
 */
export { createSixdigit } from './create-sixdigit';
export type { CreateOptions, SixdigitOptions } from './options';
export { SixdigitModule, type MountFactory } from './mount/sixdigit.module';
export type { MountOptions } from './mount/mounted';

export { VerificationService } from './services/verification.service';
export type {
  CheckedRecipient,
  CheckedVerification,
  CheckOptions,
  CheckRecipient,
  CheckVerification,
  Delivery,
  DeliveryAttempt,
  ListVerifications,
  MoneyAmount,
  OnBehalf,
  ResendOptions,
  StartedVerification,
  StartOptions,
  StartVerification,
  Transaction,
  Verification,
  VerificationPage,
  VerificationStatus,
} from './services/verification';
export { PhoneService, type NumberInput } from './services/phone.service';
export type { PhoneNumberReport } from '../phone/phone-report';
export type { PhoneNumberType } from '../phone/phone-number';
export type { PhoneProblem } from '../phone/phone-problem';
export type { PhoneRefusal } from '../phone/phone-policy';
export {
  AuditService,
  type AuditEvent,
  type AuditPage,
  type ListAuditEvents,
} from './services/audit.service';
export type { AuditEventType } from '../audit/audit-event';
export { SixdigitError, type SixdigitErrorDetails } from './sixdigit-error';
export type { ErrorCode, FieldProblem } from '../common/errors';
export { SettingsError } from '../../config/settings-error';
export { StartupError, ExitCode } from '../database/startup-error';

export { AdminOnly, CurrentPrincipal, Public, RequireScope } from '../access/access.decorators';
export type { Principal, Scope } from '../access/principal';

export { defaultLimits, defineGateway } from '../sms/gateway';
export type {
  Gateway,
  GatewayDefinition,
  GatewayDocs,
  GatewayTools,
  LimitOwner,
  RejectReason,
  SandboxSink,
  SmsBalance,
  SmsLimits,
  SmsMessage,
  SmsOutcome,
  SmsPrice,
} from '../sms/gateway';
export type { Sender } from '../sms/senders/sender';
export type {
  ReceiptReading,
  ReceiptRequest,
  ReceiptState,
  SmsReceipt,
  UndeliveredReason,
} from '../sms/receipt';
export { templateAlone, validityField, validSeconds } from '../sms/validity';
export type { Validity, ValidityByChannel, ValidityField } from '../sms/validity';
export type { Channel } from '../common/channel';
export type { Money } from '../common/money';
export { HttpError } from '../common/outbound/http-client';
export type { HttpClient, HttpErrorKind, HttpRequest, HttpResponse } from '../common/outbound/http-client';
export type { TcpConnector } from '../common/outbound/tcp-connector';
export { defineRiskCheck } from '../limits/risk/check';
export type {
  ChallengeOffer,
  CheckDocs,
  CheckTools,
  DenyReason,
  RiskCall,
  RiskCheck,
  RiskCheckDefinition,
  RiskVerdict,
  StepUpReason,
  UnknownReason,
} from '../limits/risk/check';
export { defineEventSink } from '../audit/sinks/event-sink';
export type { EventSink, EventSinkDefinition, SinkEvent, SinkTools } from '../audit/sinks/event-sink';
export { defineText } from '../sms/texts/text-definition';
export type { TextDefinition, TextWording } from '../sms/texts/text-definition';
/* What a gateway is written with: docs/adding-a-gateway.md. */
export { callGateway, idText, outcomeOfStatus } from '../sms/protocols/gateway-answer';
export { askGateway, balanceOf } from '../sms/protocols/ask-gateway';
export { type Heard, type Told, toldBy } from '../sms/protocols/receipt-words';
export { hmac, isRecent, sameSecret } from '../sms/protocols/signing/signature';
export {
  asRejectReason,
  asUndeliveredReason,
  type FailureReason,
  vocabulary,
} from '../sms/protocols/vocabulary';
export {
  allowedSendersSetting,
  everySendersSetting,
  numberSenders,
  sendersFor,
  sendersSetting,
  type WithSenders,
} from '../sms/protocols/senders';
export { isGsm7, type SmsSize, smsSize } from '../sms/protocols/gsm7';
export { speechLanguage } from '../sms/protocols/voice/speech-language';
export { untilAborted } from '../sms/protocols/until-aborted';
export { MAX_RECEIPTS, REPLAY_WINDOW_MS } from '../sms/receipt';
export { isObject, jsonObject } from '../common/json-object';
export { baseUrlSetting } from '../common/outbound/base-url';
export { parseMoney } from '../common/money';
export { Secret } from '../common/secret';
/** The zod that settings of plug-ins are written in: with it a plug-in needs no copy of its own. */
export { z } from 'zod';
