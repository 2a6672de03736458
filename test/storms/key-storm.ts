import { wideLimits } from '../builders/limits';
import { type Engine, newNumber, type Tenant, until } from '../support/engine';
import { slotDocuments } from '../support/slot-documents';
import { atOnce, type StormAnswer, type StormCall } from './at-once';

export interface KeyStorm {
  readonly keys: number;
  /** Of each create, all at once. */
  readonly duplicates: number;
  readonly log?: (line: string) => void;
}

/** What is known of one key after its storm. */
export interface StormedKey {
  /** Ids of verifications in answers, the last one of a repeat after the storm. */
  readonly ids: readonly string[];
  /** How many answers did not say that they only repeat another one. */
  readonly first: number;
  readonly refusals: readonly string[];
  readonly texts: number;
  /** Verifications that the recipient's slot knows of. */
  readonly made: number;
}

/** So many keys at once: with their duplicates they are what two processes have under way. */
const KEYS_AT_ONCE = 20;
/** A create that did not know how it ended is taken over after 30 s, and so is a text. */
const PATIENCE_MS = 45_000;

/**
 * The same create again and again, at two processes. Where every create starts anew and sends, only the key stands
 * between a repeat and another text. @returns broken promises
 */
export async function keyStorm(engine: Engine, storm: KeyStorm): Promise<string[]> {
  const policy = { cooldownSeconds: 0, whenPending: 'replace', sends: { max: 100 } };
  const tenant = await engine.tenant({ policy, limits: wideLimits });
  const broken: string[] = [];
  for (let done = 0; done < storm.keys; done += KEYS_AT_ONCE) {
    const keys = Array.from({ length: Math.min(KEYS_AT_ONCE, storm.keys - done) }, () => newNumber());
    const known = await stormed(engine, tenant, keys, storm.duplicates);
    broken.push(
      ...known.flatMap((one, n) => brokenByRepeats(one).map((fault) => `key ${done + n}: ${fault}`)),
    );
    if ((done + KEYS_AT_ONCE) % 200 === 0) storm.log?.(`${done + KEYS_AT_ONCE} of ${storm.keys} keys`);
  }
  return [...broken, ...(await totals(engine, storm))];
}

const createOf = (to: string) => ({
  path: '/v1/verifications',
  body: { to },
  headers: { 'idempotency-key': `storm-${to}` },
});

/** The repeats of each key stand together, so that they meet. */
async function stormed(
  engine: Engine,
  tenant: Tenant,
  keys: readonly string[],
  duplicates: number,
): Promise<StormedKey[]> {
  const calls = keys.flatMap((to) => Array<StormCall>(duplicates).fill(createOf(to)));
  const answers = await atOnce(engine, tenant, calls);
  return Promise.all(
    keys.map((to, n) => whatIsKnown(engine, tenant, to, answers.slice(n * duplicates, (n + 1) * duplicates))),
  );
}

async function whatIsKnown(
  engine: Engine,
  tenant: Tenant,
  to: string,
  answers: readonly StormAnswer[],
): Promise<StormedKey> {
  const { body: create, headers: withKey } = createOf(to);
  const after = await until(async () => {
    const answer = await tenant.create(create, { headers: withKey, on: 1 });
    return answer.status === 201 && answer;
  }, PATIENCE_MS);
  await until(async () => engine.sink.sentTo(to).length > 0, PATIENCE_MS);
  const good = answers.filter(({ status }) => status === 201);
  const id = String(after.body['id']);
  const slot = await engine.db.collection('slots').findOne({ ids: id });
  const isRepeat = after.headers.has('idempotent-replayed');
  return {
    ids: [...good.map(({ body }) => String(body['id'])), id],
    first: good.filter(({ headers }) => !('idempotent-replayed' in headers)).length + (isRepeat ? 0 : 1),
    refusals: answers.filter(({ status }) => status !== 201).map(wordOf),
    texts: engine.sink.sentTo(to).length,
    made: (slot?.['ids'] as string[]).length,
  };
}

const wordOf = ({ status, body }: StormAnswer): string => `${status} ${String(body['code'])}`;

/** The first one is still under way, or there is too much to do: neither says that anything was done. */
const waiting = ['409 idempotency_in_progress', '503 unavailable'];

export function brokenByRepeats({ ids, first, refusals, texts, made }: StormedKey): string[] {
  const odd = refusals.filter((word) => !waiting.includes(word));
  const answered = new Set(ids).size;
  const faults: [boolean, string][] = [
    [answered !== 1, `${answered} verifications in the answers`],
    [made !== 1, `${made} verifications in the slot`],
    [first > 1, `${first} answers say that they are the first`],
    [texts > 1, `${texts} texts`],
    [odd.length > 0, `answers ${[...new Set(odd)].join(', ')}`],
  ];
  return faults.flatMap(([isBroken, fault]) => (isBroken ? [fault] : []));
}

/** A text may have gone out after its key was looked at. */
async function totals({ db, sink }: Engine, { keys, log }: KeyStorm): Promise<string[]> {
  const slots = await db
    .collection('slots')
    .find<{ ids: string[] }>(slotDocuments, { projection: { ids: 1 } })
    .toArray();
  const ids = slots.reduce((sum, slot) => sum + slot.ids.length, 0);
  const texts = sink.messages.length;
  log?.(`${keys} keys: ${ids} verifications, ${texts} texts`);
  return [
    ...(ids !== keys ? [`${ids} verifications of ${keys} keys`] : []),
    ...(texts > keys ? [`${texts} texts of ${keys} keys`] : []),
  ];
}
