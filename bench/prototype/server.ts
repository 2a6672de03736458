/**
 * The yardstick: bare Fastify and the driver, with the same scheme as the product (rules in TypeScript, guarded
 * writes, group commit, slots in memory) and nothing around it. No events, no relay, no authentication, no
 * validation, no jobs, no limits of load. What the product costs more than this is the price of those. Started
 * by the bench as a process of its own.
 */
import { randomInt } from 'node:crypto';
import fastify from 'fastify';
import { mongo } from 'mongoose';
import { Pool } from 'undici';
import { DURABLE_CLIENT_OPTIONS } from '../../src/database/durable-connection';
import { GroupCommit } from './group-commit';
import { macOfCode, newId, sealFor, slotIdIn, slotIdOf, verificationIdFor } from './ids';
import { check, create, recordAccepted } from './slot';
import { SlotStore } from './slot-store';

const GATEWAY_CONNECTIONS = 64;
const CODES = 1_000_000;

interface Create {
  Body: { to: string };
}
interface Check {
  Params: { id: string };
  Body: { code: string };
}

function setting(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is missing`);
  return value;
}

async function main(): Promise<void> {
  const client = await new mongo.MongoClient(setting('MONGODB_URI'), DURABLE_CLIENT_OPTIONS).connect();
  const store = new SlotStore(client.db());
  await store.open();
  const commits = new GroupCommit(store);
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
    const rule = recordAccepted(deliveryId, owner);
    await commits.commit({ slotId, op: null, rule, ridesAlong: true });
  }

  const app = fastify();
  app.get('/health/ready', () => ({ status: 'ok' }));

  app.post<Create>('/v1/verifications', async ({ body: { to } }, reply) => {
    const slotId = slotIdOf(to);
    const [op, id, deliveryId] = [newId(), verificationIdFor(slotId), newId()];
    const code = String(randomInt(CODES)).padStart(6, '0');
    const rule = create(slotId, {
      op,
      id,
      deliveryId,
      owner,
      mac: macOfCode(id, code),
      sealed: sealFor(slotId, id, 'code', code),
      personal: sealFor(slotId, id, 'personal', JSON.stringify({ to })),
    });
    const outcome = await commits.commit({ slotId, op, rule, guessNew: true });
    if (outcome !== 'created') return reply.code(429).send({ code: 'refused' });
    deliver(slotId, deliveryId, to, code).catch((error: unknown) => {
      console.error(`delivery failed: ${String(error)}`);
    });
    return reply.code(201).send({ id, status: 'pending' });
  });

  app.post<Check>('/v1/verifications/:id/checks', async ({ params: { id }, body }, reply) => {
    const op = newId();
    const rule = check(op, id, macOfCode(id, body.code));
    const outcome = await commits.commit({ slotId: slotIdIn(id), op, rule });
    if (outcome === 'refused') return reply.code(409).send({ code: outcome });
    return { id, valid: outcome === 'right' };
  });

  await app.listen({ port: Number(setting('PORT')), host: '127.0.0.1' });
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
