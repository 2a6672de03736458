import 'reflect-metadata';
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { test } from 'node:test';
import { Controller, Get, Inject, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { createSixdigit, Public, SixdigitModule, VerificationService } from 'sixdigit';
import { callOf, temporary } from './support.mjs';

const apiKey = 'k'.repeat(40);

/** A controller as TypeScript would compile it. */
function controller() {
  class Desk {
    constructor(verifications) {
      this.verifications = verifications;
    }
    async show() {
      const { status } = await this.verifications.start({ to: '+34600000003' });
      return { status };
    }
  }
  Controller('desk')(Desk);
  Inject(VerificationService)(Desk, undefined, 0);
  const show = Object.getOwnPropertyDescriptor(Desk.prototype, 'show');
  Get()(Desk.prototype, 'show', show);
  Public()(Desk.prototype, 'show', show);
  class DeskModule {}
  Module({ controllers: [Desk] })(DeskModule);
  return DeskModule;
}

const env = (DATA_DIR) => ({
  NODE_ENV: 'development',
  DATA_DIR,
  BOOTSTRAP_API_KEY: apiKey,
  LOG_LEVEL: 'error',
  ...(process.env.MONGOD_BINARY && { MONGOD_BINARY: process.env.MONGOD_BINARY }),
});

async function inFolder(use) {
  const folder = await temporary();
  try {
    await use(env(folder));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test('createSixdigit with a module of others', () =>
  inFolder(async (settings) => {
    const app = await createSixdigit({ env: settings, imports: [controller()] });
    try {
      await app.listen(0, '127.0.0.1');
      const call = callOf(await app.getUrl(), apiKey);
      assert.deepEqual((await call('GET', '/desk')).body, { status: 'pending' });
      assert.equal((await call('POST', '/v1/verifications', { to: '+34600000004' })).status, 201);
    } finally {
      await app.close();
    }
  }));

test('SixdigitModule in an application of others', () =>
  inFolder(async (settings) => {
    class Host {}
    Module({ imports: [SixdigitModule.register({ env: settings, prefix: '/otp' }), controller()] })(Host);
    const app = await NestFactory.create(Host, new FastifyAdapter(), { logger: false, abortOnError: false });
    try {
      await app.listen(0, '127.0.0.1');
      const call = callOf(await app.getUrl(), apiKey);
      assert.deepEqual((await call('GET', '/desk')).body, { status: 'pending' });
      assert.equal((await call('POST', '/otp/v1/verifications', { to: '+34600000005' })).status, 201);
      assert.equal((await call('GET', '/v1/verifications')).status, 404);
    } finally {
      await app.close();
    }
  }));
