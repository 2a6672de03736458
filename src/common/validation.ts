import { DomainError, type FieldProblem } from './errors';

/** The parts of a Standard Schema issue that are read here; zod adds `code`, `keys` and `expected`. */
export interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
  readonly code?: string;
  readonly keys?: readonly string[];
  readonly expected?: string;
  /** Of a key that is not valid: why. */
  readonly issues?: readonly Pick<Issue, 'message'>[];
}

const MAX_PROBLEMS = 20;
const MAX_PATH_LENGTH = 100;

/**
 * The refusal for a value that its schema did not accept. Names fields, never values.
 * @param root what the value is, in the words of a client: `body`, `query`, or the name of a parameter
 */
export function invalidRequest(issues: readonly Issue[], value: unknown, root: string): DomainError {
  const errors = issues.flatMap((issue) => fieldProblems(issue, value, root)).slice(0, MAX_PROBLEMS);
  return new DomainError('invalid_request', { detail: 'See errors for what to change.', errors });
}

/** The refusal for one field. */
export function invalidField(path: string, message: string): DomainError {
  return new DomainError('invalid_request', {
    detail: 'See errors for what to change.',
    errors: [{ path: printable(path), message }],
  });
}

function fieldProblems(issue: Issue, value: unknown, root: string): FieldProblem[] {
  const path = (issue.path ?? []).map((segment) => (typeof segment === 'object' ? segment.key : segment));
  if (issue.code === 'unrecognized_keys' && issue.keys) {
    return issue.keys
      .slice(0, MAX_PROBLEMS)
      .map((key) => ({ path: dotted([...path, key], root), message: 'Unknown property: remove it.' }));
  }
  return [{ path: dotted(path, root), message: messageOf(issue, path, value) }];
}

function messageOf(issue: Issue, path: readonly PropertyKey[], value: unknown): string {
  if (issue.code === 'invalid_key' && issue.issues?.[0]) return issue.issues[0].message;
  const isDefaultText = issue.message.startsWith('Invalid input: expected');
  if (issue.code !== 'invalid_type' || !isDefaultText) return issue.message;
  const expected = issue.expected ?? 'another type';
  return valueAt(value, path) === undefined ? `Missing: expected ${expected}.` : `Expected ${expected}.`;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, key) => {
    const isContainer = typeof at === 'object' && at !== null && Object.hasOwn(at, key);
    return isContainer ? (at as Record<PropertyKey, unknown>)[key] : undefined;
  }, value);
}

function dotted(path: readonly PropertyKey[], root: string): string {
  return path.length === 0 ? root : printable(path.map(String).join('.'));
}

/** A path may hold a client's own key: short, and nothing that a terminal or a log could act on. */
function printable(path: string): string {
  const clean = path.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '\u{fffd}');
  return clean.length > MAX_PATH_LENGTH ? `${clean.slice(0, MAX_PATH_LENGTH)}…` : clean;
}
