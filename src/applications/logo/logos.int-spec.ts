import mongoose from 'mongoose';
import { decode } from 'fast-png';
import { picture } from '../../../test/builders/pictures';
import { startApplications, type ApplicationsInstance } from '../../../test/support/applications-instance';
import { useDatabase } from '../../../test/support/mongo';
import { createApplicationBody } from '../applications.dto';
import { LOGOS, logoSchema, type LogoDocument } from './logo.schema';

const db = useDatabase();
let one: ApplicationsInstance;
let other: ApplicationsInstance;
let connection: mongoose.Connection;

beforeAll(async () => {
  one = await startApplications(db.uri);
  other = await startApplications(db.uri);
  connection = await mongoose.createConnection(db.uri).asPromise();
});
afterAll(() => Promise.all([one.stop(), other.stop(), connection.close()]));

const make = async () => (await one.applications.create(createApplicationBody.parse({ name: 'Shop' }))).id;
const black = picture();
const white = picture({ width: 1, height: 1, lines: Buffer.from([0, 255, 255, 255, 255]) });
const stored = (applicationId: string) =>
  connection.model<LogoDocument>(LOGOS, logoSchema).find({ applicationId }).lean<LogoDocument[]>().exec();

describe('the logo of an application', () => {
  it('is found on every instance under the hash that the application names', async () => {
    const id = await make();
    const { hash, logo } = await one.logos.put(id, black);
    expect((await other.applications.get(id)).logo).toBe(hash);
    expect((await one.applications.current(id)).logo).toBe(hash);
    const png = await other.logos.read(id, `${hash}.png`);
    expect(png).toEqual(logo.png);
    expect(decode(png)).toMatchObject({ width: 4, height: 3 });
  });

  // Catches: a page that is open and loses its picture, and pictures that nobody ever removes.
  it('stays for a day after another one took its place, and goes then', async () => {
    const id = await make();
    const first = await one.logos.put(id, black);
    const second = await one.logos.put(id, white);
    expect((await one.applications.get(id)).logo).toBe(second.hash);
    await expect(one.logos.read(id, `${first.hash}.png`)).resolves.toEqual(first.logo.png);
    const purged = (await stored(id)).filter(({ purgeAt }) => purgeAt !== null);
    expect(purged.map(({ _id }) => _id)).toEqual([`${id}/${first.hash}`]);
    expect(purged[0]!.purgeAt!.getTime() - Date.now()).toBeGreaterThan(86_000_000);
    expect(logoSchema.indexes()).toContainEqual([
      { purgeAt: 1 },
      expect.objectContaining({ expireAfterSeconds: 0 }),
    ]);
  });

  it('that comes back is in use again', async () => {
    const id = await make();
    const { hash } = await one.logos.put(id, black);
    await one.logos.remove(id);
    expect((await one.applications.get(id)).logo).toBeUndefined();
    expect((await stored(id)).map(({ purgeAt }) => purgeAt !== null)).toEqual([true]);
    expect((await one.logos.put(id, black)).hash).toBe(hash);
    expect((await stored(id)).map(({ purgeAt }) => purgeAt !== null)).toEqual([false]);
  });

  it('is one of those that were sent, when several are at once', async () => {
    const id = await make();
    await Promise.all([one.logos.put(id, black), other.logos.put(id, white), one.logos.put(id, black)]);
    const { logo } = await one.applications.get(id);
    const inUse = (await stored(id)).filter(({ purgeAt }) => purgeAt === null);
    expect(inUse.map(({ _id }) => _id)).toEqual([`${id}/${logo}`]);
  });

  it('leaves a line in the audit log, and none when it is refused', async () => {
    const id = await make();
    await expect(one.logos.put(id, Buffer.from('<svg/>'))).rejects.toMatchObject({
      code: 'invalid_request',
      details: { errors: [{ path: 'body', message: expect.stringMatching(/^SVG/) as string }] },
    });
    expect(await stored(id)).toEqual([]);
    await one.logos.put(id, black);
    const events = await one.auditEvents(id);
    expect(events.map(({ data }) => data)).toEqual([{ changed: 'name' }, { changed: 'logo' }]);
  });

  it('is nobody’s for an application that does not exist, and of nobody else', async () => {
    const missing = { code: 'not_found' };
    await expect(one.logos.put('nobody', black)).rejects.toMatchObject(missing);
    await expect(one.logos.remove('nobody')).rejects.toMatchObject(missing);
    const [mine, yours] = [await make(), await make()];
    const { hash } = await one.logos.put(mine, black);
    for (const file of [
      `${hash}.png`,
      hash,
      `${hash}.svg`,
      `../${mine}/${hash}.png`,
      '.png',
      hash.toUpperCase(),
    ])
      await expect(one.logos.read(yours, file)).rejects.toMatchObject(missing);
  });
});
