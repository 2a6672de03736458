import { printable } from '../terminal/table';

/** The parts of a problem document that a person reads. */
export interface Problem {
  readonly title?: string;
  readonly code?: string;
  readonly detail?: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
  readonly rule?: string;
  readonly reason?: string;
  readonly lockedUntil?: string | null;
  readonly verificationId?: string;
  readonly requestId?: string;
}

/** Whose key the call was made with. */
export type KeyKind = 'application' | 'admin';

const KEY_REMEDY: Readonly<Record<KeyKind, string>> = {
  application:
    'Set SIXDIGIT_API_KEY to a key of the application, with the scope that this needs (sixdigit keys create).',
  admin: 'Set ADMIN_KEY to the one that the server was started with.',
};

/** A refusal in words: what the server said, and what to do. */
export function problemWords(
  status: number,
  problem: Problem,
  key: KeyKind,
  retryAfter: string | null,
): string {
  const { title = 'The server refused', code = String(status), detail, errors = [], requestId } = problem;
  const lines = [
    `${title} (${code}).`,
    detail,
    ...errors.map(({ path, message }) => `  ${path}: ${message}`),
    ...factsOf(problem),
    retryAfter === null ? undefined : `  try again in ${retryAfter} s`,
    status === 401 || status === 403 ? KEY_REMEDY[key] : undefined,
    requestId === undefined ? undefined : `Request ${requestId}`,
  ];
  return lines
    .filter((line) => line !== undefined)
    .map(printable)
    .join('\n');
}

function factsOf({ rule, reason, verificationId }: Problem): string[] {
  const facts = { limit: rule, reason, verification: verificationId };
  return Object.entries(facts).flatMap(([name, value]) =>
    value === undefined ? [] : [`  ${name}: ${value}`],
  );
}
