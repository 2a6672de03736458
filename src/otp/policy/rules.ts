/** What clauses ask of a policy: each rule judges one, says so in words, and knows the weakest that it takes. */
import { possibleCodes, type LockRules, type Policy } from './policy';

export type PolicySetting =
  | Exclude<keyof Policy, 'sends' | 'lock' | 'longLived'>
  | `lock.${keyof LockRules}`
  | `sends.${keyof Policy['sends']}`;

export interface PolicyRule {
  /** What it judges; the first is the one to change. */
  readonly settings: readonly [PolicySetting, ...PolicySetting[]];
  readonly isMet: (policy: Policy) => boolean;
  /** The value and the bound, as one sentence. */
  readonly says: (policy: Policy) => string;
  /** What to set instead, as one sentence. */
  readonly remedy: string;
  /** The policy with the weakest value that meets it. Only for a policy that does not. */
  readonly tightened: (policy: Policy) => Policy;
}

const number = new Intl.NumberFormat('en');

/** Six decimal digits, or as many possible codes of another form. */
const CODES_OF_SIX_DIGITS = 1_000_000;

export const sixDigits: PolicyRule = {
  settings: ['codeLength', 'codeAlphabet'],
  isMet: (policy) => possibleCodes(policy) >= CODES_OF_SIX_DIGITS,
  says: (policy) =>
    `Codes have ${policy.codeLength} ${policy.codeAlphabet === 'numeric' ? 'digits' : 'letters or digits'}, ` +
    `so there are ${number.format(possibleCodes(policy))}; at least ${number.format(CODES_OF_SIX_DIGITS)} are asked for.`,
  remedy: 'Use 6 or more, or 5 or more with codeAlphabet alphanumeric.',
  tightened: (policy) => {
    const enough = [5, 6].find(
      (codeLength) => possibleCodes({ ...policy, codeLength }) >= CODES_OF_SIX_DIGITS,
    );
    return { ...policy, codeLength: enough ?? policy.codeLength };
  },
};

export function livesAtMost(seconds: number): PolicyRule {
  return {
    settings: ['ttlSeconds'],
    isMet: ({ ttlSeconds }) => ttlSeconds <= seconds,
    says: ({ ttlSeconds }) =>
      `Life of a code: ${number.format(ttlSeconds)} s; at most ${number.format(seconds)} s are allowed.`,
    remedy: `Use ${seconds} or fewer.`,
    tightened: (policy) => ({ ...policy, ttlSeconds: seconds }),
  };
}

export function checksAtMost(count: number): PolicyRule {
  return {
    settings: ['maxChecks'],
    isMet: ({ maxChecks }) => maxChecks <= count,
    says: ({ maxChecks }) => `Guesses per code: ${maxChecks}; at most ${count} are allowed.`,
    remedy: `Use ${count} or fewer.`,
    tightened: (policy) => ({ ...policy, maxChecks: count }),
  };
}

export function locksBy(failures: number): PolicyRule {
  return {
    settings: ['lock.afterFailures'],
    isMet: ({ lock }) => lock.afterFailures <= failures,
    says: ({ lock }) =>
      `Wrong codes in a row before a recipient is locked, per purpose: ${lock.afterFailures}; at most ${failures} are allowed.`,
    remedy: `Use ${failures} or fewer.`,
    tightened: (policy) => withLock(policy, { afterFailures: failures }),
  };
}

export function locksFor(seconds: number): PolicyRule {
  return {
    settings: ['lock.seconds'],
    isMet: ({ lock }) => lock.seconds >= seconds,
    says: ({ lock }) =>
      `The shortest lock: ${number.format(lock.seconds)} s; at least ${number.format(seconds)} s are asked for.`,
    remedy: `Use ${seconds} or more.`,
    tightened: (policy) => withLock(policy, { seconds }),
  };
}

export const locksEverybody: PolicyRule = {
  settings: ['lock.knownDevices'],
  isMet: ({ lock }) => lock.knownDevices === 'held',
  says: ({ lock }) =>
    lock.knownDevices === 'held'
      ? 'A lock holds known devices too.'
      : 'Known devices are exempt from the lock, and it must hold everybody.',
  remedy: 'Use held.',
  tightened: (policy) => withLock(policy, { knownDevices: 'held' }),
};

const paymentWords = {
  optional: 'A code may be sent without a transaction, and nobody said that it confirms no payment.',
  required: 'No code is sent without amount, currency and payee.',
  none: 'No code of this purpose confirms a payment: a transaction is refused.',
} as const;

export const saysWhetherPayment: PolicyRule = {
  settings: ['transaction'],
  isMet: ({ transaction }) => transaction !== 'optional',
  says: ({ transaction }) => paymentWords[transaction],
  remedy: 'Use required, or none for a purpose whose codes confirm no payment.',
  tightened: (policy) => ({ ...policy, transaction: 'required' }),
};

export const noEmail: PolicyRule = {
  settings: ['allowedChannels'],
  isMet: ({ allowedChannels }) => !allowedChannels.includes('email'),
  says: ({ allowedChannels }) =>
    allowedChannels.includes('email')
      ? `Codes may travel by ${allowedChannels.join(', ')}, and e-mail is not allowed.`
      : `Codes travel by ${allowedChannels.join(', ')} only.`,
  remedy: 'Leave email out.',
  tightened: (policy) => {
    const [first = 'sms', ...others] = policy.allowedChannels.filter((channel) => channel !== 'email');
    return { ...policy, allowedChannels: [first, ...others] };
  },
};

function withLock(policy: Policy, lock: Partial<LockRules>): Policy {
  return { ...policy, lock: { ...policy.lock, ...lock } };
}
