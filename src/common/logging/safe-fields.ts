import { logSafeError } from './log-safe-error';

/** Names whose values are never logged, in any spelling. */
const secretName =
  /^(authorization|cookie|headers|body|query|url|password|token|secret|code|otp|text|to|number|phone(number)?|api_?key|key|sealed|mac|personal|metadata|transaction|digest|client_?ip)$/i;

const MAX_DEPTH = 4;

/** The last line of defence for fields that a caller adds to a log line: what has a secret's name becomes `[hidden]`. */
export function safeFields(fields: object, depth = 0): Record<string, unknown> {
  const entries = Object.entries(fields).map(([name, value]) => [name, safeValue(name, value, depth)]);
  return Object.fromEntries(entries) as Record<string, unknown>;
}

function safeValue(name: string, value: unknown, depth: number): unknown {
  if (secretName.test(name)) return '[hidden]';
  if (value instanceof Error) return logSafeError(value);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (depth === MAX_DEPTH) return '[deep]';
  if (Array.isArray(value)) return value.map((item) => safeValue('', item, depth + 1));
  return safeFields(value, depth + 1);
}
