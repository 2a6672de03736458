import { startApplications, type ApplicationsInstance } from '../../test/support/applications-instance';
import { useDatabase } from '../../test/support/mongo';
import { MAX_PURPOSES } from './application';
import { createApplicationBody, patchApplicationBody } from './applications.dto';

const db = useDatabase();
let one: ApplicationsInstance;
let other: ApplicationsInstance;

beforeAll(async () => {
  one = await startApplications(db.uri);
  other = await startApplications(db.uri);
});
afterAll(() => Promise.all([one.stop(), other.stop()]));

const make = (settings: unknown = {}) =>
  one.applications.create(createApplicationBody.parse({ name: 'Shop', settings }));
const patch = (by: ApplicationsInstance, id: string, settings: unknown, name?: string) =>
  by.applications.patch(id, patchApplicationBody.parse({ settings, name }));

const eventsOf = (applicationId: string) => one.auditEvents(applicationId);

describe('applications', () => {
  it('come back as they were made, on another instance too', async () => {
    const settings = {
      brand: 'Shop',
      purposes: { constructor: { codeLength: 8 } },
      policy: { sends: { max: 3 } },
      // Keys with dots, which a database could take for paths.
      hosted: { texts: { en: { 'code.title': 'Your code' } } },
    };
    const application = await make(settings);
    await expect(other.applications.get(application.id)).resolves.toEqual(application);
    expect(application.settings).toEqual(settings);
  });

  it('are changed only where the change names something', async () => {
    const { id } = await make({
      brand: 'Shop',
      contact: 'help',
      policy: { codeLength: 8, sends: { max: 3 } },
    });
    await patch(one, id, {
      contact: null,
      policy: { sends: { windowSeconds: 60 } },
      allowedCountries: ['ES'],
    });
    const { name, settings } = await other.applications.get(id);
    expect(name).toBe('Shop');
    expect(settings).toEqual({
      brand: 'Shop',
      policy: { codeLength: 8, sends: { max: 3, windowSeconds: 60 } },
      allowedCountries: ['ES'],
    });
  });

  it('lose one sentence of their own by its name, and keep the others', async () => {
    const { id } = await make({ hosted: { texts: { en: { 'code.title': 'A', 'done.title': 'B' } } } });
    await patch(one, id, { hosted: { texts: { en: { 'code.title': null } } } });
    expect((await other.applications.get(id)).settings.hosted).toEqual({
      texts: { en: { 'done.title': 'B' } },
    });
  });

  // Catches: a server that does not say where it runs, and saves what it will not use.
  it('are refused a test number without end by a production server, also when something else is changed', async () => {
    const production = await startApplications(db.uri, true);
    try {
      const { id } = await make({ testNumbers: [{ to: '+12015550123', code: '424242' }] });
      await expect(patch(production, id, { brand: 'Shop' })).rejects.toMatchObject({
        code: 'invalid_request',
        details: { errors: [{ path: 'settings.testNumbers.0.expiresAt' }] },
      });
    } finally {
      await production.stop();
    }
  });

  // Catches: reading outside the transaction (drop `session` from find() in patch()).
  it('keep every one of many changes made at once by two instances', async () => {
    const { id } = await make();
    const words = Array.from({ length: 16 }, (_, i) => `p${i}`);
    await Promise.all(
      words.map((word, i) => patch(i % 2 ? one : other, id, { purposes: { [word]: { codeLength: 8 } } })),
    );
    const { settings } = await one.applications.get(id);
    expect(Object.keys(settings.purposes ?? {}).sort()).toEqual([...words].sort());
    // One event per change, and one for the creation.
    expect(await eventsOf(id)).toHaveLength(words.length + 1);
  });

  it('refuse a change as a whole, with no event, when one part of the outcome is wrong', async () => {
    const { id } = await make({ brand: 'Shop' });
    const change = patch(one, id, { brand: 'New', routes: '*:twilio' });
    await expect(change).rejects.toMatchObject({
      code: 'invalid_request',
      details: { errors: [{ path: 'settings.routes' }] },
    });
    expect((await one.applications.get(id)).settings).toEqual({ brand: 'Shop' });
    expect(await eventsOf(id)).toHaveLength(1);
  });

  it('write events that name the settings and not their values', async () => {
    const { id } = await make();
    await patch(one, id, { contact: 'help@example.com', brand: 'Shop' }, 'Renamed');
    const [, event] = await eventsOf(id);
    expect(event).toMatchObject({ type: 'settings_changed', actor: 'admin' });
    expect(event?.data).toEqual({ changed: 'name,brand,contact' });
  });

  it('do nothing for a change that names nothing', async () => {
    const { id } = await make();
    await patch(one, id, {});
    expect(await eventsOf(id)).toHaveLength(1);
  });

  it('say not_found for an id that does not exist', async () => {
    await expect(one.applications.get('nobody')).rejects.toMatchObject({ code: 'not_found' });
    await expect(patch(one, 'nobody', { brand: 'x' })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('are listed newest first, page by page, each exactly once', async () => {
    const made = [];
    for (let i = 0; i < 5; i += 1) made.push((await make()).id);
    const seen: string[] = [];
    let cursor: { createdAt: Date; id: string } | undefined;
    do {
      const page = await one.applications.list({ limit: 2, ...(cursor && { cursor }) });
      seen.push(...page.data.map(({ id }) => id));
      const last = page.data.at(-1);
      cursor = page.nextCursor && last ? { createdAt: last.createdAt, id: last.id } : undefined;
    } while (cursor);
    expect(new Set(seen).size).toBe(seen.length);
    expect([...seen.slice(0, 5)].sort()).toEqual([...made].sort());
  });
});

describe('the application of a call', () => {
  it('is as this instance left it at once, and as others left it within 5 s', async () => {
    const { id } = await make({ brand: 'Old' });
    for (const at of [one, other]) expect((await at.applications.current(id)).settings.brand).toBe('Old');
    await patch(one, id, { brand: 'New' });
    expect((await one.applications.current(id)).settings.brand).toBe('New');
    const end = performance.now() + 5_000;
    while ((await other.applications.current(id)).settings.brand !== 'New') {
      if (performance.now() > end) throw new Error('It was not seen within 5 s');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });

  it('knows a purpose from the moment this instance registered it', async () => {
    const { id } = await make();
    await one.applications.registerPurpose(await one.applications.current(id), 'login');
    expect((await one.applications.current(id)).purposes).toEqual(['login']);
  });

  it('is not_found for an id that does not exist', async () => {
    await expect(one.applications.current('nobody')).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('purposes', () => {
  // Catches: $lte without the union, or no size guard in addPurpose().
  it('stop at 20 however many arrive at once, over two instances, those of the settings included', async () => {
    const application = await make({ purposes: { login: {}, pay: {} } });
    const words = Array.from({ length: 40 }, (_, i) => `w${i}`);
    const outcomes = await Promise.allSettled(
      words.map((word, i) => (i % 2 ? one : other).applications.registerPurpose(application, word)),
    );
    const refused = outcomes.filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(words.length - (MAX_PURPOSES - 2));
    for (const { reason } of refused as PromiseRejectedResult[]) {
      expect(reason).toMatchObject({ code: 'invalid_request', details: { errors: [{ path: 'purpose' }] } });
    }
    const now = await one.applications.get(application.id);
    expect(now.purposes).toHaveLength(MAX_PURPOSES - 2);
    // Those of the settings have their place.
    await one.applications.registerPurpose(now, 'login');
    await expect(patch(one, now.id, { purposes: { another: {} } })).rejects.toMatchObject({
      code: 'invalid_request',
    });
  });

  it('cost nothing once they are known', async () => {
    const { id } = await make();
    await one.applications.registerPurpose(await one.applications.get(id), 'login');
    const known = await one.applications.get(id);
    expect(known.purposes).toEqual(['login']);
    const unreachable = { ...known, id: 'nobody' };
    await expect(one.applications.registerPurpose(unreachable, 'login')).resolves.toBeUndefined();
  });
});
