import type { MongooseModuleOptions } from '@nestjs/mongoose';
import { mongo } from 'mongoose';

/** Injection token of a `mongo.Db` on a connection of its own, for slot operations. */
export const DURABLE_DB = Symbol('DURABLE_DB');

/**
 * What slot operations rely on, whatever the URI says (design: group commit).
 * - `retryWrites` off: op ids make repeats safe, and retryable writes cost 120 to 140 µs each.
 * - `j: true`: with `j: false` a one-node set waits for the periodic flush, about 100 ms.
 * - The limits add up so that a call is answered within 10 s, a refusal included.
 */
/* eslint-disable @typescript-eslint/no-deprecated -- the parts of the write concern by their own names: of a
   whole `writeConcern` the driver lets the URI overrule the parts, e.g. journal=false */
export const DURABLE_CLIENT_OPTIONS = {
  appName: 'sixdigit-slots',
  retryWrites: false,
  w: 'majority',
  journal: true,
  wtimeoutMS: 5_000,
  readPreference: 'primary',
  connectTimeoutMS: 3_000,
  socketTimeoutMS: 8_000,
  serverSelectionTimeoutMS: 3_000,
  waitQueueTimeoutMS: 3_000,
  // A new primary is noticed within this time instead of 10 s.
  heartbeatFrequencyMS: 1_000,
} as const satisfies mongo.MongoClientOptions;
/* eslint-enable @typescript-eslint/no-deprecated */

/**
 * The default connection: the same limits, but retryable writes, and reads that a fail-over cannot take back.
 * Commands fail instead of being buffered while the database is away, and indexes are made at the start.
 */
export const DEFAULT_CLIENT_OPTIONS = {
  ...DURABLE_CLIENT_OPTIONS,
  appName: 'sixdigit',
  retryWrites: true,
  readConcernLevel: 'majority',
  autoIndex: false,
  autoCreate: false,
  bufferCommands: false,
  retryAttempts: 0,
} as const satisfies MongooseModuleOptions;

/** A connected client for slot operations; the caller closes it. */
export async function openDurableClient(uri: string): Promise<mongo.MongoClient> {
  return new mongo.MongoClient(uri, DURABLE_CLIENT_OPTIONS).connect();
}
