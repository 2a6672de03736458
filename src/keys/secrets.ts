import { z } from 'zod';

/** At least as long as the output of SHA-256 (RFC 5869 §2.2 asks for input of full entropy). */
const KEY_BYTES = 32;
const BASE64 = /^(?:[A-Za-z0-9+/_-]{4})*(?:[A-Za-z0-9+/_-]{2}(?:==)?|[A-Za-z0-9+/_-]{3}=?)?$/;

/** One key of the ring. */
export interface RingEntry {
  /** Stored beside everything that was made with this key. */
  readonly kid: string;
  readonly key: Buffer;
  /** Milliseconds since the epoch from which this key signs; `-Infinity` when the file gives none. */
  readonly signFrom: number;
}

/** The decoded secrets file. */
export interface Secrets {
  /** Never rotates: every slot and look-up key depends on it. */
  readonly index: Buffer;
  /** Oldest `signFrom` first; where equal, in the order of the file. */
  readonly ring: readonly RingEntry[];
}

/** What is wrong with a secrets file, entry by entry; never a value. */
export class SecretsFileError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(problems.join('; '));
    this.name = 'SecretsFileError';
  }
}

const key = z
  .string('is missing or not text')
  .regex(BASE64, 'is not base64')
  .transform((text) => Buffer.from(text, 'base64'))
  .refine((bytes) => bytes.length >= KEY_BYTES, `is shorter than ${KEY_BYTES} bytes`);

const entry = z.strictObject(
  {
    kid: z
      .string('is missing or not text')
      .regex(/^[A-Za-z0-9_.-]{1,32}$/, 'must be 1 to 32 letters, digits, "_", "." or "-"'),
    key,
    signFrom: z.iso
      .datetime({ offset: true, error: 'must be a time such as 2030-01-31T12:00:00Z' })
      .transform((time) => Date.parse(time))
      .default(-Infinity),
  },
  { error: describeShape },
);

const file = z.strictObject(
  {
    index: key,
    ring: z.array(entry, 'is missing or not a list').min(1, 'is empty: at least one key is needed'),
  },
  { error: describeShape },
);

/** Reads the text of a secrets file. Throws `SecretsFileError` with every problem. */
export function parseSecrets(text: string): Secrets {
  const parsed = file.safeParse(parseJson(text));
  if (!parsed.success) throw new SecretsFileError(parsed.error.issues.map(describe));
  const problems = findRepeats(parsed.data);
  if (problems.length > 0) throw new SecretsFileError(problems);
  return { index: parsed.data.index, ring: parsed.data.ring.toSorted(bySignFrom) };
}

/** The text of a new secrets file. Both keys are 32 random bytes. */
export function renderSecrets(index: Buffer, kid: string, firstKey: Buffer): string {
  const ring = [{ kid, key: firstKey.toString('base64') }];
  return JSON.stringify({ index: index.toString('base64'), ring }, null, 2) + '\n';
}

function bySignFrom(a: RingEntry, b: RingEntry): number {
  // Compared first: the difference of two -Infinity is no number.
  return a.signFrom === b.signFrom ? 0 : a.signFrom - b.signFrom;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not the parser's own message: that quotes a piece of the file.
    throw new SecretsFileError(['is not valid JSON']);
  }
}

function findRepeats({ index, ring }: z.infer<typeof file>): string[] {
  const problems: string[] = [];
  ring.forEach((one, i) => {
    const earlier = ring.slice(0, i);
    if (earlier.some((other) => other.kid === one.kid)) problems.push(`ring[${i}].kid is used twice`);
    if ([index, ...earlier.map((other) => other.key)].some((other) => other.equals(one.key)))
      problems.push(`ring[${i}].key repeats another key of the file`);
  });
  return problems;
}

function describe(issue: z.core.$ZodIssue): string {
  const path = issue.path.reduce<string>(
    (text, part) =>
      text + (typeof part === 'number' ? `[${part}]` : text ? `.${String(part)}` : String(part)),
    '',
  );
  return path ? `${path} ${issue.message}` : issue.message;
}

function describeShape(issue: { code?: string; keys?: string[] }): string {
  // Names of unknown properties are not repeated: a misplaced key could be one of them.
  return issue.code === 'unrecognized_keys' ? 'has properties that are not known' : 'is not an object';
}
