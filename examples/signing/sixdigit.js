import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

/** Sixdigit answers every call within 10 s. */
const TIMEOUT_MS = 11_000;
/** Says that the outcome is not known, or that the first call still runs: the same again finds out, and does nothing twice. */
const worthRepeating = new Set(['unavailable', 'idempotency_in_progress']);

/** What Sixdigit would not do. Decide by `code`: it is a promise, unlike the status and the texts. */
export class Refusal extends Error {
  constructor({ code, retryAfterSeconds = null }) {
    super(code);
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/**
 * @returns a function that makes one call for one click of a person, however often it has to ask
 */
export function openSixdigit() {
  const { SIXDIGIT_URL = 'http://127.0.0.1:3000', SIXDIGIT_API_KEY = '' } = process.env;
  return async (path, body, idempotencyKey = randomUUID()) => {
    for (let repeats = 2; ; repeats -= 1) {
      const answer = await once(SIXDIGIT_URL + path, { key: SIXDIGIT_API_KEY, idempotencyKey, body });
      if (!(answer instanceof Refusal)) return answer;
      if (repeats === 0 || !worthRepeating.has(answer.code)) throw answer;
      await pause(1_000);
    }
  };
}

async function once(address, { key, idempotencyKey, body }) {
  try {
    const response = await fetch(address, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        'idempotency-key': idempotencyKey,
      },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const answer = await response.json();
    if (response.ok) return answer;
    const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
    return new Refusal({ ...answer, retryAfterSeconds: Number.isFinite(seconds) ? seconds : null });
  } catch {
    return new Refusal({ code: 'unavailable' }); // No connection, no answer in time, or none that is ours.
  }
}

const sentences = {
  invalid_request: 'That does not look right. Please check what you typed.',
  phone_invalid: 'That is no phone number we know. Please check it; it begins with + and the country.',
  country_not_allowed: 'We cannot send messages to this country.',
  number_type_not_allowed: 'We cannot send messages to this kind of number. Please give a mobile number.',
  number_blocked: 'We cannot send messages to this number.',
  resend_too_soon: 'A message is on its way. You can ask for another one',
  send_limit_reached: 'No more messages for now. The last code still works. You can ask for another one',
  limit_reached: 'No more messages for now. You can try again',
  rate_limited: 'Many people are here at the moment. You can try again',
  recipient_locked: 'There were too many wrong codes. You can try again',
  verification_approved: 'This code was used already.',
  verification_expired: 'This code is too old. Please ask for a new one.',
  verification_failed: 'There were too many wrong codes. Please ask for a new one.',
  verification_superseded: 'This code was replaced by a newer one. Please go on where you asked for that.',
};
const timed = new Set([
  'resend_too_soon',
  'send_limit_reached',
  'limit_reached',
  'rate_limited',
  'recipient_locked',
]);

/** A refusal for the person who met it. What only you can mend is told without detail; it belongs into your log. */
export function inWords({ code, retryAfterSeconds }) {
  const sentence = sentences[code] ?? 'That did not work, and it is not your fault. Please try again later.';
  if (!timed.has(code)) return sentence;
  if (retryAfterSeconds === null) return `${sentence} later.`;
  return retryAfterSeconds < 120
    ? `${sentence} in ${retryAfterSeconds} seconds.`
    : `${sentence} in ${Math.ceil(retryAfterSeconds / 60)} minutes.`;
}
