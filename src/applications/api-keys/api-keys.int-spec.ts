import { Logger } from '@nestjs/common';
import mongoose from 'mongoose';
import { startApplications, type ApplicationsInstance } from '../../../test/support/applications-instance';
import { useDatabase } from '../../../test/support/mongo';
import { digestOf } from '../../access/credentials/key-digest';
import { scopes } from '../../access/principal';
import { createKeyBody } from './api-keys.dto';

const db = useDatabase();
let one: ApplicationsInstance;
let other: ApplicationsInstance;

beforeAll(async () => {
  one = await startApplications(db.uri);
  other = await startApplications(db.uri);
});
afterAll(() => Promise.all([one.stop(), other.stop()]));

async function makeKey(body: unknown = {}) {
  const application = await one.applications.create({ name: 'Shop' });
  const { key, secret } = await one.keys.create(application.id, createKeyBody.parse(body));
  return { application, key, digest: digestOf(secret.reveal()), secret: secret.reveal() };
}

/** Waits until it holds; returns after how many milliseconds. The limit is generous: what counts is asserted. */
async function until(holds: () => Promise<boolean>): Promise<number> {
  const start = performance.now();
  while (!(await holds())) {
    if (performance.now() - start > 20_000) throw new Error('It never came true');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return performance.now() - start;
}

describe('API keys', () => {
  it('are stored as a digest only', async () => {
    const { key, secret, digest } = await makeKey();
    expect(secret).toMatch(/^sdk_[\w-]{43}$/);
    const stored = await db.connection.collection('api_keys').findOne({ digest });
    expect(stored).toMatchObject({ _id: key.id });
    expect(JSON.stringify(stored)).not.toContain(secret.slice(4));
  });

  // Catches: a memory of unknown keys on the other instance.
  it('work at once on every instance, also on one that was asked for them just before', async () => {
    for (let round = 0; round < 10; round += 1) {
      const strangers = Promise.all([
        other.credentials.resolve(`stranger-${round}`),
        one.credentials.resolve('x'),
      ]);
      const { digest, key } = await makeKey();
      await expect(other.credentials.resolve(digest)).resolves.toMatchObject({ key: { id: key.id } });
      await expect(strangers).resolves.toEqual([null, null]);
    }
  });

  // Catches: no refresh on a timer (remove the setInterval) — it then never comes true.
  it('stop working on every instance after they are revoked', async () => {
    const { application, key, digest } = await makeKey();
    await other.credentials.resolve(digest);
    await one.keys.revoke(application.id, key.id);
    await expect(one.credentials.resolve(digest)).resolves.toBeNull();
    await until(async () => (await other.credentials.resolve(digest)) === null);
  });

  it('see changed settings on every instance', async () => {
    const { application, digest } = await makeKey();
    await other.credentials.resolve(digest);
    await one.applications.patch(application.id, { settings: { disabled: true } });
    const isDisabled = async (at: ApplicationsInstance) =>
      (await at.credentials.resolve(digest))?.isApplicationDisabled() === true;
    expect(await isDisabled(one)).toBe(true);
    await until(() => isDisabled(other));
  });

  // Catches: a read of its own for the application of every call; the refresh of keys that leaves applications out.
  it('keep the application of a hot call in memory', async () => {
    const { application, digest } = await makeKey();
    await other.credentials.resolve(digest);
    const reads = jest.spyOn(mongoose.Query.prototype, 'exec');
    const end = performance.now() + 5_000;
    let calls = 0;
    for (; performance.now() < end; calls += 1) {
      await other.credentials.resolve(digest);
      await other.applications.current(application.id);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const count = reads.mock.calls.length;
    reads.mockRestore();
    expect(calls).toBeGreaterThan(100);
    // Two instances, each at most four times in 5 s: keys, and their applications.
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThanOrEqual(16);
  });

  it('are revoked once, with one event, however many ask at once', async () => {
    const { application, key } = await makeKey();
    const calls = Array.from({ length: 10 }, (_, i) =>
      (i % 2 ? one : other).keys.revoke(application.id, key.id),
    );
    await Promise.all(calls);
    const events = await one.auditEvents(application.id);
    const own = events.filter(({ type }) => type === 'key_revoked');
    expect(own).toHaveLength(1);
    expect(own[0]?.data).toEqual({ keyId: key.id });
  });

  // Catches: the key or its event written outside the transaction.
  it('leave neither a key nor an event behind when something fails after both were written', async () => {
    const { application } = await makeKey();
    const insert = one.auditRepository.insert.bind(one.auditRepository);
    const spy = jest.spyOn(one.auditRepository, 'insert').mockImplementationOnce(async (event, session) => {
      await insert(event, session);
      throw new Error('the process loses its connection');
    });
    await expect(one.keys.create(application.id, createKeyBody.parse({ name: 'lost' }))).rejects.toThrow();
    spy.mockRestore();
    const { data } = await one.keys.list(application.id, { limit: 10 });
    expect(data.map(({ name }) => name)).not.toContain('lost');
    const events = await one.auditEvents(application.id);
    expect(events.map(({ type }) => type)).toEqual(['settings_changed', 'key_created']);
  });

  it('are listed and read per application, another one has none of them', async () => {
    const { application, key } = await makeKey({ scopes: ['audit:read'], allowedIps: ['::ffff:192.0.2.7'] });
    const stranger = await one.applications.create({ name: 'Other' });
    const { data } = await one.keys.list(application.id, { limit: 10 });
    expect(data).toEqual([key]);
    expect(key).toMatchObject({ scopes: ['audit:read'], allowedIps: ['192.0.2.7'] });
    await expect(one.keys.get(stranger.id, key.id)).rejects.toMatchObject({ code: 'not_found' });
    await expect(one.keys.revoke(stranger.id, key.id)).rejects.toMatchObject({ code: 'not_found' });
    await expect(one.credentials.resolve(key.digest)).resolves.not.toBeNull();
  });

  // Catches: a look-up per unknown key (BatchedLookup without its pause).
  it('keep the load of random keys on the database bounded, and good keys working meanwhile', async () => {
    const { digest } = await makeKey();
    await one.credentials.resolve(digest);
    const fresh = await makeKey();
    const queries = jest.spyOn(one.credentialReads, 'byDigests');
    const start = performance.now();
    const flood: Promise<unknown>[] = [];
    for (let i = 0; i < 20_000; i += 1) {
      flood.push(one.credentials.resolve(digestOf(`random-${i}`)).catch((error: unknown) => error));
      if (i === 10_000) flood.push(one.credentials.resolve(digest));
      if (i % 500 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    const cached = one.credentials.resolve(digest);
    await expect(cached).resolves.not.toBeNull();
    await Promise.all(flood);
    await expect(one.credentials.resolve(fresh.digest)).resolves.not.toBeNull();
    const seconds = (performance.now() - start) / 1000;
    expect(queries.mock.calls.length).toBeLessThanOrEqual(2 + seconds * 50);
    queries.mockRestore();
  });
});

describe('BOOTSTRAP_API_KEY', () => {
  const first = 'bootstrap-key-of-at-least-32-characters';
  const second = 'another-bootstrap-key-of-32-characters';

  it('makes the application `default` with this key and all scopes, once, with several instances at once', async () => {
    await Promise.all([one, other, one, other, one, other].map((instance) => instance.bootstrap(first)));
    const credential = await one.credentials.resolve(digestOf(first));
    expect(credential?.principal.applicationId).toBe('default');
    expect(credential?.principal.scopes).toEqual([...scopes]);
    const events = await one.auditEvents('default');
    expect(events.map(({ type, actor }) => [type, actor])).toEqual([
      ['settings_changed', 'job:bootstrap'],
      ['key_created', 'job:bootstrap'],
    ]);
  });

  it('replaces the old value with a changed one, on every instance, and keeps the settings', async () => {
    await one.applications.patch('default', { settings: { brand: 'Kept' } });
    await other.credentials.resolve(digestOf(first));
    await one.bootstrap(second);
    const found = await other.credentials.resolve(digestOf(second));
    expect(found).not.toBeNull();
    expect((await other.applications.current('default')).settings.brand).toBe('Kept');
    await until(async () => (await other.credentials.resolve(digestOf(first))) === null);
    await until(async () => (await one.credentials.resolve(digestOf(first))) === null);
  });

  it('stays revoked after a restart with the same value, and works again with another one', async () => {
    await one.keys.revoke('default', 'bootstrap');
    await one.bootstrap(second);
    await expect(one.credentials.resolve(digestOf(second))).resolves.toBeNull();
    await one.bootstrap(first);
    await expect(one.credentials.resolve(digestOf(first))).resolves.not.toBeNull();
  });

  // Catches: a removed variable that somebody takes for a revoked key. The last value above is `first`.
  it('stays valid without its variable, which every start says until it is revoked', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation();
    await one.bootstrap(null);
    await other.bootstrap(null);
    expect(warn.mock.calls.flat()).toEqual([
      expect.stringContaining('DELETE /v1/applications/default/keys/bootstrap'),
      expect.stringContaining('its key is still valid'),
    ]);
    await expect(one.credentials.resolve(digestOf(first))).resolves.not.toBeNull();
    await one.keys.revoke('default', 'bootstrap');
    await one.bootstrap(null);
    expect(warn).toHaveBeenCalledTimes(2);
    warn.mockRestore();
    await expect(one.credentials.resolve(digestOf(first))).resolves.toBeNull();
  });

  it('makes nothing without a value', async () => {
    const before = await db.connection.collection('api_keys').countDocuments();
    await one.bootstrap(null);
    expect(await db.connection.collection('api_keys').countDocuments()).toBe(before);
  });
});
