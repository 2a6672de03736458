/**
 * R26. Codes stand in the database in clear, or hashed without a key, which a million tries undo. Seen in better-auth
 * (#11297), Truxify (#6396) and Supabase (source): whoever read a backup could answer every pending verification.
 *
 * Catches: an unkeyed hash; a key that is empty or stands in the database. That the MAC binds the verification is
 * R15's; that a rotation keeps codes valid `test/e2e/engine/key-rotation` shows. Runs on an installation of its own,
 * whose whole database is the loot.
 */
import { createHash, createHmac, hash, hkdfSync } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { mongo } from 'mongoose';
import { joinFields } from '../../src/keys/fields';
import { parseSecrets } from '../../src/keys/secrets';
import type { Slot } from '../../src/otp/slots/slot';
import { type Started, type Tenant, until, useEngine } from '../support/engine';

const engine = useEngine({ processes: 1 });

/** A thief has every value of every document, and neither the secrets file nor the memory of a process. */
interface Loot {
  /** What could be a keyed or unkeyed hash, as hex: where it stands. */
  readonly hashes: ReadonlyMap<string, ReadonlySet<string>>;
  /** Everything that could have been used as a salt, a key or a part of the message. */
  readonly materials: readonly Buffer[];
}

let tenant: Tenant;
let started: Started;
let loot: Loot;
let slot: Slot;

beforeAll(async () => {
  tenant = await engine.tenant();
  const transaction = { amount: '5.00', currency: 'EUR', payee: 'Shop' };
  const headers = { 'idempotency-key': 'order-17' };
  started = await tenant.start({ transaction }, { headers });
  await until(async () => (await engine.db.collection('audit_events').countDocuments()) >= 2);
  loot = await steal();
  slot = (await engine.db.collection<Slot>('slots').findOne({ ids: started.id }))!;
});

async function steal(): Promise<Loot> {
  const hashes = new Map<string, Set<string>>();
  const note = (hash: string, where: string) => hashes.set(hash, (hashes.get(hash) ?? new Set()).add(where));
  const materials = new Map<string, Buffer>();
  const take = (value: unknown, where: string): void => {
    const bytes = bytesOf(value);
    if (bytes) {
      if (bytes.length <= 64) materials.set(bytes.toString('hex'), bytes);
      for (const one of [bytes, decoded(bytes)])
        if (one && one.length >= 10) note(one.toString('hex'), where);
    } else if (typeof value === 'object' && value !== null && !(value instanceof Date)) {
      for (const [key, inner] of Object.entries(value)) take(inner, `${where}.${key}`);
    }
  };
  for (const { name } of await engine.db.listCollections().toArray()) {
    for (const document of await engine.db.collection(name).find().toArray()) take(document, name);
  }
  return { hashes, materials: [Buffer.alloc(0), ...materials.values()] };
}

function bytesOf(value: unknown): Buffer | null {
  if (typeof value === 'string') return Buffer.from(value);
  const binary = value as mongo.Binary | null;
  return binary?._bsontype === 'Binary' ? Buffer.from(binary.buffer) : null;
}

/** 43 characters of base64url are 32 bytes, the 14 of a slot's name 10. */
function decoded(text: Buffer): Buffer | null {
  const is = /^[\w-]{14,86}$/.test(text.toString('latin1'));
  return is ? Buffer.from(text.toString('latin1'), 'base64url') : null;
}

/** Every value that one or two pieces of loot and the guess are easily put together to. */
function messages(guess: string, materials: readonly Buffer[]): Buffer[] {
  const text = Buffer.from(guess);
  const pairs = materials.flatMap((one) => [
    ...['', ':', '|', '.', '-', '\0'].flatMap((sep) => [
      Buffer.concat([one, Buffer.from(sep), text]),
      Buffer.concat([text, Buffer.from(sep), one]),
    ]),
    joinFields([one, text]),
  ]);
  const digest = slot.current.transactionDigest as unknown as mongo.Binary | null;
  const tuples = [
    joinFields([tenant.id, started.id, digest?.buffer ?? null, guess]),
    joinFields([tenant.id, started.id, null, guess]),
    joinFields([tenant.id, slot.purpose, guess]),
    joinFields([tenant.id, guess]),
  ];
  return [text, joinFields([text]), ...pairs, ...tuples];
}

/** What of the loot a guess explains: where the value stands that it hashes to. */
function explained(guess: string, keys: readonly Buffer[]): string[] {
  const found = new Set<string>();
  const look = (digest: Buffer): void => {
    for (const length of [10, 16, 20, 32, digest.length]) {
      for (const where of loot.hashes.get(digest.subarray(0, length).toString('hex')) ?? []) found.add(where);
    }
  };
  for (const message of messages(guess, loot.materials)) {
    for (const name of ['md5', 'sha1', 'sha256', 'sha512']) look(createHash(name).update(message).digest());
    for (const key of keys) look(createHmac('sha256', key).update(message).digest());
  }
  return [...found].sort();
}

const national = (to: string): string => to.slice(3);

describe('with the whole database and without the keys', () => {
  it('there is something to break: a MAC of the code, and keyed names of the recipient', () => {
    const places = [...loot.hashes.values()].flatMap((all) => [...all]);
    for (const place of [
      'slots._id',
      'slots.key',
      'slots.current.mac',
      'slots.recipient',
      'slots.current.transactionDigest',
    ]) {
      expect(places).toContain(place);
    }
    expect(places.some((place) => place.startsWith('idempotency_records'))).toBe(true);
    expect(loot.materials.length).toBeGreaterThan(20);
  });

  // A search through all codes or numbers finds something only if the right one gives a value that is stored;
  // so it is enough to try the right one, in every way. Catches: an unkeyed hash; a key that is empty or
  // stands in the database.
  it('the right code and number explain no stored value, whatever is tried as salt and key', () => {
    for (const guess of [started.code, started.to, started.to.slice(1), national(started.to)]) {
      expect(explained(guess, loot.materials)).toEqual([]);
    }
  });

  it('with the keys they do: the search would find it', async () => {
    const secrets = parseSecrets(await readFile(engine.secretsFile, 'utf8'));
    const derive = (master: Buffer, label: string): Buffer =>
      Buffer.from(hkdfSync('sha256', master, Buffer.alloc(0), `sixdigit/v1/${label}`, 32));
    const code = derive(secrets.ring[0]!.key, 'code');
    expect(explained(started.code, [code])).toEqual(['slots.current.mac']);
    const index = ['slot', 'recipient'].map((label) => derive(secrets.index, label));
    expect(explained(started.to, index)).toEqual(
      expect.arrayContaining(['slots._id', 'slots.key', 'slots.recipient']),
    );
  });

  it('all million codes and a million numbers of its country, hashed as usual, are found nowhere', () => {
    expect(started.code).toMatch(/^\d{6}$/);
    let tries = 0;
    const isStored = (text: string): boolean => {
      tries++;
      return loot.hashes.has(hash('sha256', text, 'hex'));
    };
    const first = Math.floor(Number(national(started.to)) / 1_000_000) * 1_000_000;
    for (let n = 0; n < 1_000_000; n++) {
      if (isStored(String(n).padStart(6, '0'))) throw new Error('a code was found');
      if (isStored(`+34${first + n}`)) throw new Error('a number was found');
    }
    expect(tries).toBe(2_000_000);
  });
});
