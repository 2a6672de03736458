import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { inboxOf, otherThan, person, startExample } from './rig.js';

const ways = [
  ['SixdigitModule.register, in an application of yours', 'dist/server.js', '/otp'],
  ['createSixdigit, with a module of yours', 'dist/alone.js', ''],
];
const [mine, others] = ['+12015550191', '+12015550192'];

/** Against the types of the installed package: a mistake in them fails here. */
before(() => {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  execFileSync(process.execPath, [tsc], { cwd: import.meta.dirname, stdio: 'inherit' });
});

for (const [name, file, prefix] of ways)
  describe(name, () => {
    const ends = [];
    const key = 'an-api-key-for-this-test-0123456789abcdef';
    let inbox, url;
    before(async () => {
      const folder = await mkdtemp(join(tmpdir(), 'sixdigit-nest-'));
      ends.push(() => rm(folder, { recursive: true, force: true }));
      const env = { DATA_DIR: folder, BOOTSTRAP_API_KEY: key, LOG_LEVEL: 'warn', APP_PORT: '0' };
      ({ url } = await startExample(ends, env, [file]));
      inbox = inboxOf(url + prefix, key);
    });
    after(async () => {
      for (const end of ends.reverse()) await end();
    });

    async function asking(phone) {
      const browser = person(url);
      assert.equal((await browser.post('/phone', { phone })).next, 'code');
      return { browser, code: await inbox.nextCode(phone) };
    }

    it('knows a number once its code was typed, in that session', async () => {
      const { browser, code } = await asking(mine);
      assert.match((await browser.post('/phone/code', { code: otherThan(code) })).message, /not right/);
      assert.equal((await browser.post('/phone/code', { code })).phone, mine);
      assert.equal((await browser.get('/phone')).phone, mine);
      assert.equal((await person(url).get('/phone')).phone, null);
      assert.equal((await person(url).post('/phone/code', { code })).status, 422);
    });

    it("takes no code of somebody else's number, and says in words what is wrong", async () => {
      const { code } = await asking(others);
      const { browser } = await asking('+12015550193');
      assert.equal((await browser.post('/phone/code', { code })).ok, false);
      assert.equal((await browser.get('/phone')).phone, null);
      assert.match((await browser.post('/phone', { phone: '12' })).message, /no phone number/);
    });

    it('answers the calls of the API under its prefix, to whoever has a key', async () => {
      const path = `${prefix}/v1/verifications`;
      assert.equal((await person(url).get(path)).status, 401);
      assert.equal((await person(url, { authorization: `Bearer ${key}` }).get(path)).status, 200);
    });
  });
