/**
 * The three changes of a slot that a pair needs, each one aggregation pipeline that decides inside MongoDB.
 * The same form as the product's pipelines, without audit, locks, joins and past verifications.
 */
import type { mongo } from 'mongoose';

type Expression = mongo.Document | string | number;

const TTL_MS = 600_000;
const LEASE_MS = 30_000;
const COOLDOWN_MS = 30_000;
const SEND_WINDOW_MS = 600_000;
const MAX_SENDS = 5;
const MAX_CHECKS = 5;
const MAX_OPS = 64;

const literal = (value: unknown): mongo.Document => ({ $literal: value });
const inMs = (ms: number): mongo.Document => ({ $add: ['$$NOW', ms] });
const pending = { $and: [{ $eq: ['$current.status', 'pending'] }, { $lt: ['$$NOW', '$current.expiresAt'] }] };
const isNew = (op: string): mongo.Document => ({
  $not: [{ $in: [literal(op), { $ifNull: ['$ops.op', []] }] }],
});

const remember = (op: string, outcome: Expression): mongo.Document => ({
  $slice: [
    { $concatArrays: [{ $ifNull: ['$ops', []] }, [{ op: literal(op), outcome, at: '$$NOW' }]] },
    -MAX_OPS,
  ],
});

/** A refusal leaves the document exactly as it is. */
const decide = (conditions: Expression[], next: mongo.Document): mongo.Document => ({
  $replaceWith: { $cond: [{ $and: conditions }, { $mergeObjects: ['$$ROOT', next] }, '$$ROOT'] },
});

export interface NewVerification {
  readonly op: string;
  readonly id: string;
  readonly mac: Buffer;
  readonly sealed: Buffer;
  readonly personal: Buffer;
  readonly deliveryId: string;
  readonly owner: string;
}

const recentSends = {
  $filter: { input: { $ifNull: ['$sends', []] }, cond: { $gt: ['$$this', inMs(-SEND_WINDOW_MS)] } },
};

function newDelivery(v: NewVerification): mongo.Document {
  return {
    id: literal(v.deliveryId),
    channel: 'sms',
    state: 'sending',
    at: '$$NOW',
    lease: { owner: literal(v.owner), n: 1, until: inMs(LEASE_MS) },
    provider: null,
    attempts: [],
  };
}

export function createPipeline(v: NewVerification): mongo.Document[] {
  const current = {
    id: literal(v.id),
    status: 'pending',
    mac: literal(v.mac),
    sealed: literal(v.sealed),
    personal: literal(v.personal),
    kid: 'k1',
    policy: literal({ maxChecks: MAX_CHECKS, ttlMs: TTL_MS, codeLength: 6, codeAlphabet: 'numeric' }),
    checksUsed: 0,
    createdAt: '$$NOW',
    expiresAt: inMs(TTL_MS),
    endedAt: null,
    deliveries: [newDelivery(v)],
  };
  const conditions = [
    isNew(v.op),
    { $not: [pending] },
    { $lt: [{ $size: recentSends }, MAX_SENDS] },
    { $lte: [{ $ifNull: [{ $max: '$sends' }, inMs(-COOLDOWN_MS)] }, inMs(-COOLDOWN_MS)] },
  ];
  const next = {
    ids: { $slice: [{ $concatArrays: [{ $ifNull: ['$ids', []] }, [literal(v.id)]] }, -10] },
    current,
    failures: { $ifNull: ['$failures', 0] },
    sends: { $concatArrays: [recentSends, ['$$NOW']] },
    ops: remember(v.op, 'created'),
    dueAt: inMs(LEASE_MS),
  };
  return [decide(conditions, next)];
}

export function resultPipeline(op: string, deliveryId: string, owner: string): mongo.Document[] {
  const mine = {
    $and: [
      { $eq: ['$$d.id', literal(deliveryId)] },
      { $eq: ['$$d.lease.owner', literal(owner)] },
      { $eq: ['$$d.lease.n', 1] },
    ],
  };
  const accepted = {
    $unsetField: {
      field: 'lease',
      input: {
        $mergeObjects: [
          '$$d',
          {
            state: 'accepted',
            provider: 'http',
            attemptedAt: '$$NOW',
            attempts: [{ provider: 'http', outcome: 'accepted', reason: null }],
          },
        ],
      },
    },
  };
  const deliveries = {
    $map: { input: '$current.deliveries', as: 'd', in: { $cond: [mine, accepted, '$$d'] } },
  };
  return [
    decide([isNew(op), { $in: [literal(deliveryId), '$current.deliveries.id'] }], {
      current: { $mergeObjects: ['$current', { deliveries }] },
      ops: remember(op, 'recorded'),
      dueAt: '$current.expiresAt',
    }),
  ];
}

/** Charges first, then compares: there is no path that compares without counting. */
export function checkPipeline(op: string, verificationId: string, mac: Buffer): mongo.Document[] {
  const right = { $eq: ['$current.mac', literal(mac)] };
  const used = { $add: ['$current.checksUsed', 1] };
  const status = {
    $switch: {
      branches: [
        { case: right, then: 'approved' },
        { case: { $gte: [used, '$current.policy.maxChecks'] }, then: 'failed' },
      ],
      default: 'pending',
    },
  };
  const ended = { $or: [right, { $gte: [used, '$current.policy.maxChecks'] }] };
  const conditions = [
    isNew(op),
    { $eq: ['$current.id', literal(verificationId)] },
    pending,
    { $lt: ['$current.checksUsed', '$current.policy.maxChecks'] },
  ];
  const next = {
    current: {
      $mergeObjects: ['$current', { status, checksUsed: used, endedAt: { $cond: [ended, '$$NOW', null] } }],
    },
    failures: { $cond: [right, 0, { $add: ['$failures', 1] }] },
    sends: { $cond: [right, [], '$sends'] },
    ops: remember(op, { $cond: [right, 'right', 'wrong'] }),
  };
  const onlyWhilePending = (path: string): Expression => ({
    $cond: [{ $eq: ['$current.status', 'pending'] }, `$current.${path}`, '$$REMOVE'],
  });
  return [
    decide(conditions, next),
    { $set: { 'current.mac': onlyWhilePending('mac'), 'current.sealed': onlyWhilePending('sealed') } },
  ];
}
