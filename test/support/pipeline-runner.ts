import { type mongo } from 'mongoose';
import type { Pipeline } from '../../src/otp/slots/pipelines/expressions';

/** A document through an update pipeline inside the real server, without storing anything; `now` is in the pipeline. */
export async function throughPipeline<T>(
  db: mongo.Db,
  document: object,
  pipeline: Pipeline,
  constants: object,
): Promise<T> {
  // An update's constants are values; an aggregation's variables are expressions, so each is quoted.
  // As in a statement of one operation, told by either key; job pipelines take their constants by name.
  const keys = [documentKey(document), documentKey(constants)];
  const bound = { ...constants, keys, params: [constants, constants], p: constants };
  const quoted = Object.entries(bound).map(([name, value]) => [name, { $literal: value }]);
  const [result] = await db
    .aggregate<T & mongo.BSON.Document>([{ $documents: [{ $literal: document }] }, ...pipeline], {
      let: Object.fromEntries(quoted) as mongo.BSON.Document,
    })
    .toArray();
  if (!result) throw new Error('the pipeline gave no document');
  return result;
}

function documentKey(value: object): string | null {
  const { _id, verificationId } = value as { _id?: string; verificationId?: string };
  return _id ?? verificationId ?? null;
}
