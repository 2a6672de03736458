import { DomainError, unavailable, type ErrorCode } from './errors';

/** Codes of MongoDB that say "not now": stepped down, shutting down, interrupted, out of time, write concern. */
const transientMongoCodes = new Set([
  6, 7, 50, 64, 79, 89, 91, 112, 133, 189, 202, 262, 9001, 10107, 11600, 11602, 13435, 13436,
]);

/** Names of driver and mongoose errors that mean that the database could not be reached or did not answer. */
const connectionErrorNames = new Set([
  'MongoNetworkError',
  'MongoNetworkTimeoutError',
  'MongoServerSelectionError',
  'MongoOperationTimeoutError',
  'MongoNotConnectedError',
  'MongoTopologyClosedError',
  'MongoClientClosedError',
  'MongoServerClosedError',
  'MongoStalePrimaryError',
  'MongoPoolClearedError',
  'MongoPoolClosedError',
  'PoolClearedOnNetworkError',
  'MongoWaitQueueTimeoutError',
  'MongoWriteConcernError',
  'MongoExpiredSessionError',
  'MongooseServerSelectionError',
  'DisconnectedError',
]);

/** Codes of the operating system and of Node's streams for a connection that broke. */
const brokenSocketCodes = new Set([
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPIPE',
  'ETIMEDOUT',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ERR_STREAM_WRITE_AFTER_END',
]);

interface Traits {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly statusCode?: unknown;
  readonly status?: unknown;
  readonly cause?: unknown;
  /** Of a server's error: its answer. Of a MongoBulkWriteError: whatever error broke the bulk off. */
  readonly errorResponse?: unknown;
  getStatus?(): number;
}

/**
 * Whether an error of the driver or of mongoose says that MongoDB cannot be used at the moment. A connection
 * that breaks while the driver writes to it shows as the socket's own error: the driver does not wrap that one.
 */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (!isObject(error) || typeof error.name !== 'string') return false;
  if (connectionErrorNames.has(error.name)) return true;
  if (typeof error.code === 'string' && brokenSocketCodes.has(error.code)) return true;
  if (error.errorResponse instanceof Error) return isDatabaseUnavailable(error.errorResponse);
  return (
    error.name.startsWith('Mongo') && typeof error.code === 'number' && transientMongoCodes.has(error.code)
  );
}

/**
 * The error of ours that stands for one of the framework or the driver. Messages of others are dropped: they
 * may repeat what the client sent.
 */
export function toDomainError(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  if (isDatabaseUnavailable(error)) return unavailable('The database did not answer. Try again shortly.');
  if (!isObject(error)) return new DomainError('internal');
  // What the services of the package throw, for callers that know nothing of this class.
  if (error.cause instanceof DomainError) return error.cause;
  return (
    fromFrameworkCode(error.code) ?? fromFrameworkCode(causeOf(error).code) ?? fromStatus(statusOf(error))
  );
}

function fromFrameworkCode(code: unknown): DomainError | null {
  switch (code) {
    case 'FST_ERR_BAD_URL':
      return new DomainError('invalid_request', {
        detail: 'The address is not valid: check its percent-encoding.',
      });
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return new DomainError('invalid_request', {
        detail: 'The body is not as long as Content-Length says.',
      });
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return new DomainError('not_found');
    default:
      return null;
  }
}

const codeByStatus: Readonly<Record<number, ErrorCode>> = {
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  413: 'payload_too_large',
  414: 'not_found',
  415: 'unsupported_media_type',
  429: 'rate_limited',
  503: 'unavailable',
};

const detailByCode: Partial<Record<ErrorCode, string>> = {
  payload_too_large: 'A body may have at most 16 KiB, a logo 32 KiB, a receipt 256 KiB, an import 1 MiB.',
  unsupported_media_type:
    'Send the body as JSON with Content-Type: application/json and without compression.',
};

function fromStatus(status: number): DomainError {
  const code = codeByStatus[status] ?? (status >= 400 && status < 500 ? 'invalid_request' : 'internal');
  const detail = detailByCode[code];
  return new DomainError(code, detail === undefined ? {} : { detail });
}

function statusOf(error: Traits): number {
  if (typeof error.getStatus === 'function') return error.getStatus();
  return typeof error.statusCode === 'number' ? error.statusCode : 500;
}

function causeOf(error: Traits): Traits {
  return isObject(error.cause) ? error.cause : {};
}

function isObject(value: unknown): value is Traits {
  return typeof value === 'object' && value !== null;
}
