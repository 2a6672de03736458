/* global fetch */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { startByBin, until } from './support.mjs';

const gateway = `
import { appendFileSync } from 'node:fs';
import { defineEventSink, defineGateway, z } from 'sixdigit';
export const acme = defineGateway({
  name: 'acme',
  docs: { title: 'Acme', verified: 'Here.', receipts: 'None.' },
  validity: { sms: { none: 'It is told nothing.' } },
  config: z.strictObject({ file: z.string().describe('Where texts go.') }),
  create: ({ file }) => ({
    send: async (message) => {
      appendFileSync(file, message.to + ' ' + message.code + '\\n');
      return { outcome: 'accepted' };
    },
  }),
});
export const book = defineEventSink({
  name: 'book',
  config: z.strictObject({ file: z.string().describe('Where events go.') }),
  create: ({ file }) => ({
    take: async (events) => events.forEach(({ type }) => appendFileSync(file, type + '\\n')),
  }),
});
`;
const lines = async (file) => (await readFile(file, 'utf8').catch(() => '')).trim().split('\n');

test('an empty folder: sixdigit start is ready, and sends by a gateway and tells a sink of PLUGINS', async () => {
  const server = await startByBin({
    files: { 'acme.mjs': gateway },
    env: {
      PLUGINS: './acme.mjs',
      SMS_ROUTES: '*:acme',
      SMS_ACME_FILE: 'texts',
      SINK_BOOK_FILE: 'events',
    },
  });
  console.log(`ready after ${server.readyMs} ms`);
  try {
    const { status, body } = await server.call('POST', '/v1/verifications', { to: '+34600000001' });
    assert.equal(status, 201);
    const code = await until(async () => (await lines(join(server.home, 'texts')))[0]?.split(' ')[1]);
    const checked = await server.call('POST', `/v1/verifications/${body.id}/checks`, { code });
    assert.equal(checked.body.valid, true);
    await until(async () => (await lines(join(server.home, 'events'))).includes('approved'));
    const page = await fetch(`${server.url}/docs`);
    assert.equal(page.status, 200);
    const component = await fetch(`${server.url}/embed/v1/sixdigit-verify.js`);
    assert.equal(component.status, 200);
  } finally {
    assert.equal(await server.stop(), 0);
  }
});

test('a start on the same data finds the pending verification and the key', async () => {
  const before = await startByBin({ env: { ADMIN_KEY: 'a'.repeat(40) } });
  const { body } = await before.call('POST', '/v1/verifications', { to: '+34600000002' });
  assert.equal(body.status, 'pending');
  assert.equal(await before.stop({ keep: true }), 0);
  const after = await startByBin({ folder: before.home, env: { BOOTSTRAP_API_KEY: before.apiKey } });
  try {
    const inbox = await after.call('GET', '/v1/sandbox/messages?limit=1');
    const { code } = inbox.body.data[0];
    const checked = await after.call('POST', `/v1/verifications/${body.id}/checks`, { code });
    assert.equal(checked.body.valid, true);
  } finally {
    await after.stop();
  }
});

test('there are three doors and no other', async () => {
  const require = createRequire(import.meta.url);
  assert.equal(typeof require('sixdigit').createSixdigit, 'function');
  assert.equal(typeof require('sixdigit/testing').gatewayContract, 'function');
  assert.equal(require('sixdigit/package.json').name, 'sixdigit');
  for (const path of [
    'sixdigit/dist/src/main.js',
    'sixdigit/dist/src/package/sixdigit.js',
    'sixdigit/src/main',
  ])
    await assert.rejects(import(path), { code: 'ERR_PACKAGE_PATH_NOT_EXPORTED' });
});
