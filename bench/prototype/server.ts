/**
 * The yardstick: bare Fastify and the driver, with the same scheme as the product and nothing around it. No
 * drain, no audit, no authentication, no validation, no clean-up, no retry. What the product costs more than
 * this is the price of those. Started by the bench as a process of its own.
 */
import { randomBytes, randomInt } from 'node:crypto';
import fastify from 'fastify';
import { mongo } from 'mongoose';
import { Pool } from 'undici';
import { DURABLE_CLIENT_OPTIONS } from '../../src/database/durable-connection';
import { GroupCommit, type SlotState } from './group-commit';
import { checkPipeline, createPipeline, resultPipeline } from './pipelines';
import { macOfCode, seal, slotKey } from './seal';

const GATEWAY_CONNECTIONS = 64;
const CODES = 1_000_000;

interface Create {
  Body: { to: string };
}
interface Check {
  Params: { id: string };
  Body: { code: string };
}

const newId = (): string => randomBytes(16).toString('base64url');

function setting(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is missing`);
  return value;
}

async function openSlots(uri: string): Promise<mongo.Collection<SlotState>> {
  const client = await new mongo.MongoClient(uri, DURABLE_CLIENT_OPTIONS).connect();
  const slots = client.db().collection<SlotState>('slots');
  await slots.createIndex({ ids: 1 });
  await slots.createIndex({ dueAt: 1 }, { sparse: true });
  return slots;
}

async function main(): Promise<void> {
  const commits = new GroupCommit(await openSlots(setting('MONGODB_URI')));
  const gatewayUrl = new URL(setting('SMS_HTTP_URL'));
  const gateway = new Pool(gatewayUrl.origin, { connections: GATEWAY_CONNECTIONS });
  const owner = newId();

  async function deliver(slotId: string, deliveryId: string, to: string, code: string): Promise<void> {
    const text = `Your code is ${code}. It is valid for 10 minutes. Never share it.`;
    const { statusCode, body } = await gateway.request({
      method: 'POST',
      path: gatewayUrl.pathname,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ id: deliveryId, to, from: 'Bench', text }),
    });
    await body.dump();
    if (statusCode !== 200) throw new Error(`gateway answered ${statusCode}`);
    const op = newId();
    const update = resultPipeline(op, deliveryId, owner);
    await commits.commit({ op, filter: { _id: slotId }, update, needsAnswer: false });
  }

  const app = fastify();
  app.get('/health/ready', () => ({ status: 'ok' }));

  app.post<Create>('/v1/verifications', async ({ body: { to } }, reply) => {
    const [op, id, deliveryId, slotId] = [newId(), newId(), newId(), slotKey(to)];
    const code = String(randomInt(CODES)).padStart(6, '0');
    const update = createPipeline({
      op,
      id,
      deliveryId,
      owner,
      mac: macOfCode(id, code),
      sealed: seal(code, `${slotId}.sealed.${id}`),
      personal: seal(JSON.stringify({ to }), `${slotId}.personal.${id}`),
    });
    const outcome = await commits.commit({
      op,
      filter: { _id: slotId },
      update,
      upsert: true,
      needsAnswer: true,
    });
    if (outcome !== 'created') return reply.code(429).send({ code: 'refused' });
    deliver(slotId, deliveryId, to, code).catch((error: unknown) => {
      console.error(`delivery failed: ${String(error)}`);
    });
    return reply.code(201).send({ id, status: 'pending' });
  });

  app.post<Check>('/v1/verifications/:id/checks', async ({ params: { id }, body }, reply) => {
    const op = newId();
    const update = checkPipeline(op, id, macOfCode(id, body.code));
    const outcome = await commits.commit({ op, filter: { ids: id }, update, needsAnswer: true });
    if (outcome === null) return reply.code(409).send({ code: 'refused' });
    return { id, valid: outcome === 'right' };
  });

  await app.listen({ port: Number(setting('PORT')), host: '127.0.0.1' });
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
