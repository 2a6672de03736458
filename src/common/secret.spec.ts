import { format, inspect } from 'node:util';
import { mongo } from 'mongoose';
import { Secret, withHiddenFields } from './secret';

const clear = 'Zm9vYmFy-482915';

/** Every way in which a value usually ends up in a log, a document or an answer. */
const leaks: Record<string, (value: unknown) => string> = {
  String: (value) => String(value),
  'a template': (value) => `code ${value as string}`,
  'JSON, nested': (value) => JSON.stringify({ deep: [value] }),
  inspect: (value) => inspect(value, { depth: 9, showHidden: true }),
  'inspect, nested': (value) => inspect({ deep: { value } }, { depth: 9 }),
  'console formatting': (value) => format('%s %o %O %j', value, value, value, value),
  'own keys': (value) => JSON.stringify(Object.entries(value as object)),
};

describe('Secret', () => {
  it.each(Object.entries(leaks))('does not show through %s', (_way, print) => {
    expect(print(new Secret(clear))).not.toContain(clear);
  });

  it('is stored as a placeholder when it reaches the driver', () => {
    const stored = mongo.BSON.deserialize(mongo.BSON.serialize({ code: new Secret(clear) }));
    expect(stored).toEqual({ code: '[secret]' });
  });

  it('gives the value when asked', () => {
    expect(new Secret(clear).reveal()).toBe(clear);
  });
});

describe('withHiddenFields', () => {
  const settings = withHiddenFields({ token: clear });

  it.each(Object.entries(leaks).filter(([way]) => way !== 'own keys' && way !== 'console formatting'))(
    'does not show through %s',
    (_way, print) => {
      expect(print(settings)).not.toContain(clear);
    },
  );

  it('reads as usual', () => {
    expect(settings.token).toBe(clear);
    expect(Object.keys(settings)).toEqual(['token']);
  });
});
