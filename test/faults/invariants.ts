import type { ReadModelDocument } from '../../src/otp/relay/read-model/read-model.schema';
import type { VerificationRecord } from '../../src/otp/slots/slot';
import { codeIn, type SinkMessage } from '../support/gateway-sink';
import { PRICE_MICROS, type Incarnation } from './fault-world';
import { type Call, type Knowledge, knowledgeOf, type Story } from './story';
import type { Truth } from './truth';

/** Between a gateway's yes and the slot's knowing it: within this, a SIGKILL may cost a second text. */
const RECORDING_MS = 3_000;

/** What clients were told against what the database knows. Each entry is a broken promise; none is the proof. */
export function brokenPromises(stories: readonly Story[], truth: Truth): string[] {
  // Several stories can be about one verification: a create on a number whose last one is pending joins it.
  const told = group(stories, (story) => [story.verificationId, story.calls]);
  const byNumber = group(stories, (story) => [story.to, story.calls]);
  return [
    ...[...told].flatMap(([id, calls]) => acknowledgedIsTrue(id, knowledgeOf(calls), truth)),
    ...[...byNumber.values()].flatMap((calls) => failuresAddUp(calls, truth)),
    ...[...truth.events.keys()].flatMap((id) => auditIsWhole(id, truth)),
    ...[...truth.whole.values()].flatMap((record) => copyIsTrue(record, truth.copies.get(record.id))),
    ...truth.log.flatMap(({ _id, pos }, index) =>
      broken(truth.log[index - 1]?.pos.equals(pos) === true, `the log has ${_id} where another event stands`),
    ),
  ];
}

/** `of` names the group of an item and what it brings; null: none. */
function group<Item, Part>(
  items: readonly Item[],
  of: (item: Item) => readonly [string | null, readonly Part[]],
): Map<string, Part[]> {
  const groups = new Map<string, Part[]>();
  for (const item of items) {
    const [name, parts] = of(item);
    if (name !== null) groups.set(name, [...(groups.get(name) ?? []), ...parts]);
  }
  return groups;
}

function acknowledgedIsTrue(id: string, known: Knowledge, truth: Truth): string[] {
  const state = truth.whole.get(id) ?? truth.copies.get(id);
  if (!state) return [`${id}: a create was acknowledged and is lost`];
  const { status, checksUsed } = state;
  const fewest = known.approvals + known.wrong;
  return [
    ...broken(known.approvals > 1, `${id}: ${known.approvals} callers were told valid: true`),
    ...broken((known.approvals === 1) !== (status === 'approved'), `${id}: ${status}, told ${told(known)}`),
    ...broken(known.canceled && status !== 'canceled', `${id}: ${status}, told that it was canceled`),
    ...broken(
      checksUsed < fewest || checksUsed > fewest + known.unknownWrong,
      `${id}: ${checksUsed} checks charged, told ${told(known)}`,
    ),
  ];
}

const told = ({ approvals, wrong, unknownWrong }: Knowledge): string =>
  `${approvals} right, ${wrong} wrong, ${unknownWrong} unknown`;

/** The recipient's count: every wrong guess since the last approval, over all verifications of the number. */
function failuresAddUp(calls: readonly Call[], truth: Truth): string[] {
  const id = calls.findLast((call) => call.told?.body.id !== undefined)?.told?.body.id;
  const slot = id === undefined ? undefined : truth.slotOf.get(id);
  if (!slot) return [];
  const lastYes = calls.findLastIndex((call) => call.told?.body.valid === true);
  // Two right guesses at once, or a guess that was cleared up late: only what came after all of that is certain.
  const since = knowledgeOf(calls.slice(lastYes + 1));
  const most = knowledgeOf(calls).wrong + knowledgeOf(calls).unknownWrong;
  return broken(
    slot.failures > most || (lastYes < 0 && slot.failures < since.wrong),
    `${slot._id}: ${slot.failures} failures on the recipient, told ${told(since)}`,
  );
}

/** Events 1 to n without gaps, and as many of each kind as the verification's state says. */
function auditIsWhole(id: string, { events, whole, copies }: Truth): string[] {
  const list = events.get(id) ?? [];
  const state = whole.get(id) ?? copies.get(id);
  if (!state) return [`${id}: has events and no state`];
  const count = (type: string): number => list.filter((event) => event.type === type).length;
  const approved = state.status === 'approved' ? 1 : 0;
  return [
    ...list.flatMap((event, index) =>
      broken(event.seq !== index + 1, `${id}: event ${event.seq} (${event.type}) stands at ${index + 1}`),
    ),
    ...broken(state.seq !== list.length, `${id}: ${list.length} events, version ${state.seq}`),
    ...broken(count('created') !== 1, `${id}: ${count('created')} events of its creation`),
    ...broken(count('approved') !== approved, `${id}: ${count('approved')} approvals, is ${state.status}`),
    ...broken(
      count('check_failed') + approved !== state.checksUsed,
      `${id}: ${count('check_failed')} wrong checks in the log, ${state.checksUsed} checks charged`,
    ),
  ];
}

/** The read model says what the slot says. */
function copyIsTrue(record: VerificationRecord, copy: ReadModelDocument | undefined): string[] {
  if (!copy) return [`${record.id}: not in the read model`];
  const view = (one: VerificationRecord | ReadModelDocument) =>
    JSON.stringify([
      one.status,
      one.seq,
      one.checksUsed,
      one.expiresAt,
      one.endedAt,
      one.deliveries.map(({ id, state, provider, errorCode }) => [id, state, provider, errorCode]),
    ]);
  return broken(view(record) !== view(copy), `${record.id}: slot ${view(record)}, read model ${view(copy)}`);
}

/** A text that no budget was charged for is money that no ceiling holds. Which process sent it, and died, is all one. */
export function everyTextIsPaid(texts: number, { allottedMicros }: Pick<Truth, 'allottedMicros'>): string[] {
  const owed = texts * PRICE_MICROS;
  return broken(allottedMicros < owed, `${texts} texts cost ${owed} micros, budgets gave ${allottedMicros}`);
}

/**
 * One code per verification; every text that the gateway took written down; a second text for a delivery only
 * where its sender was killed between the gateway's answer and the writing down of it.
 * @returns broken promises, and how many texts were sent twice
 */
export function judgeTexts(
  messages: readonly SinkMessage[],
  truth: Truth,
  incarnations: readonly Incarnation[],
): { broken: string[]; duplicates: number } {
  const killedAt = new Map(incarnations.map(({ name, killedAt }) => [name, killedAt]));
  const byDelivery = group(messages, (message) => [message.id, [message]]);
  const codes = new Map<string, Set<string>>();
  const states = [...truth.whole.values(), ...truth.copies.values()].map(withId);
  for (const { id, deliveries } of states) {
    const texts = deliveries.flatMap((delivery) => byDelivery.get(delivery.id) ?? []);
    codes.set(id, new Set(texts.map((message) => codeIn(message.text))));
  }
  const repeated = [...byDelivery.values()].filter((texts) => texts.length > 1);
  const mayBeUnrecorded = ({ from, at }: SinkMessage): boolean => {
    const killed = killedAt.get(from ?? '') ?? null;
    return killed !== null && killed >= at - 100 && killed <= at + RECORDING_MS;
  };
  const accepted = new Set(
    states.flatMap(({ deliveries }) =>
      deliveries.filter(({ state }) => state === 'accepted').map(({ id }) => id),
    ),
  );
  return {
    broken: [
      ...[...codes].flatMap(([id, set]) =>
        broken(set.size > 1, `${id}: ${set.size} different codes were sent`),
      ),
      ...repeated.flatMap((texts) =>
        texts
          .slice(0, -1)
          .flatMap((text) =>
            broken(
              !mayBeUnrecorded(text),
              `${text.id}: sent again although ${text.from ?? 'its sender'} was not killed then`,
            ),
          ),
      ),
      ...messages.flatMap((text) =>
        broken(
          !accepted.has(text.id) && !mayBeUnrecorded(text),
          `${text.id}: the gateway took it, and nobody wrote that down`,
        ),
      ),
    ],
    duplicates: repeated.reduce((sum, texts) => sum + texts.length - 1, 0),
  };
}

function withId(state: VerificationRecord | ReadModelDocument): {
  readonly id: string;
  readonly deliveries: readonly { readonly id: string; readonly state: string }[];
} {
  return { id: '_id' in state ? state._id : state.id, deliveries: state.deliveries };
}

const broken = (isBroken: boolean, words: string): string[] => (isBroken ? [words] : []);
