/* global fetch */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defineGateway, defineRiskCheck, z } from 'sixdigit';
import {
  aRiskCall,
  checkTools,
  eventSinkContract,
  gatewayContract,
  GatewayEmulator,
  gatewayTools,
  riskCheckContract,
  startSixdigit,
} from 'sixdigit/testing';

const pigeon = defineGateway({
  name: 'pigeon',
  docs: { title: 'Pigeon', verified: 'Here.', receipts: 'None.' },
  validity: { sms: { none: 'It is told nothing.' } },
  config: z.strictObject({ url: z.string().describe('Where it flies.') }),
  create: ({ url }) => ({
    send: async ({ to, text }, signal) => {
      const body = JSON.stringify({ to, text });
      const answer = await fetch(url, { method: 'POST', body, signal });
      return { outcome: answer.ok ? 'accepted' : 'unknown' };
    },
  }),
});

gatewayContract(async () => {
  const emulator = await GatewayEmulator.start();
  emulator.answer(200, {});
  return {
    gateway: pigeon.create({ url: emulator.url }, gatewayTools({})),
    hang: () => emulator.behave({ kind: 'hang' }),
    stop: () => emulator.stop(),
  };
});

eventSinkContract(async () => {
  const got = [];
  let mood = 'good';
  const take = (events, signal) => {
    if (mood === 'bad') return Promise.reject(new Error('no'));
    if (mood === 'slow')
      return new Promise((_, end) => signal.addEventListener('abort', () => end(new Error('late'))));
    got.push(...events.map(({ id }) => id));
    return Promise.resolve();
  };
  return {
    sink: { take },
    received: () => got,
    fail: () => (mood = 'bad'),
    hang: () => (mood = 'slow'),
    stop: () => Promise.resolve(),
  };
});

const crystalBall = defineRiskCheck({
  name: 'crystal-ball',
  asksThePerson: false,
  docs: { title: 'Crystal ball', does: 'Looks.', verified: 'Here.' },
  config: z.strictObject({}),
  create: (_settings, { http }) => ({
    check: async (_call, signal) => {
      const { status } = await http.request({
        method: 'POST',
        url: 'http://ball',
        headers: {},
        body: '',
        signal,
      });
      return status === 200 ? { verdict: 'allow' } : { verdict: 'deny', reason: 'denied' };
    },
  }),
});

riskCheckContract(() => {
  let isClear = true;
  const silent = (signal) =>
    new Promise((_, end) => signal.addEventListener('abort', () => end(signal.reason)));
  const request = ({ signal }) => (isClear ? Promise.resolve({ status: 200 }) : silent(signal));
  return Promise.resolve({
    definition: crystalBall,
    check: crystalBall.create({}, checkTools({ http: { request } })),
    call: () => aRiskCall(),
    hang: () => (isClear = false),
    stop: () => Promise.resolve(),
  });
});

test('a whole server for a test', async () => {
  const sixdigit = await startSixdigit();
  try {
    const { id } = await sixdigit.verifications.start({ to: '+34600000006' });
    const code = await sixdigit.lastCode('+34600000006');
    const { status } = await sixdigit.call('POST', `/v1/verifications/${id}/checks`, { code });
    assert.equal(status, 200);
    assert.equal((await sixdigit.verifications.get(id)).status, 'approved');
  } finally {
    await sixdigit.close();
  }
});
