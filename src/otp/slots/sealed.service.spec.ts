import { aKeyRing, secretsText } from '../../../test/builders/key-ring';
import { SealedService } from './sealed.service';

const bothKeys = secretsText([{ kid: 'k1' }, { kid: 'k2' }]);
const person = { to: '+34610000000' };

/** What an instance with a new key sealed, and an instance that has not read its secrets file since. */
function setup() {
  const there = new SealedService(aKeyRing({ text: bothKeys }));
  const record = { id: 'v', kid: 'k2', ...there.seal('k2', 's', 'v', '123456', person) };
  const file = { text: secretsText() };
  return { file, there, here: new SealedService(aKeyRing(file)), record };
}

describe('what is sealed', () => {
  it('is opened where it belongs, and is gone once it was removed', () => {
    const { there, record } = setup();
    expect(there.openCode('s', record)).toBe('123456');
    expect(there.openPersonal('s', record)).toEqual(person);
    const { sealed: _, ...ended } = record;
    expect(there.openCode('s', ended)).toBeNull();
    expect(there.openPersonal('s', { ...record, personal: null })).toBeNull();
  });

  // Catches: a field of one verification put into another one, by whoever can write to the database.
  it('opens in no other slot, verification or field', () => {
    const { there, record } = setup();
    const { sealed, personal } = record;
    expect(() => there.openCode('other', record)).toThrow();
    expect(() => there.openCode('s', { ...record, id: 'other' })).toThrow();
    expect(() => there.openCode('s', { ...record, sealed: personal })).toThrow();
    expect(() => there.openPersonal('s', { ...record, personal: sealed })).toThrow();
  });
});

describe('a key that another instance uses before this one has read it', () => {
  // Catches: `to: null` for up to 10 s in the answers of instances that have not read the ring again.
  it('is read before anything is opened that was sealed with it', async () => {
    const { file, here, record } = setup();
    file.text = bothKeys;
    expect(here.openPersonal('s', record)).toBeNull();
    await here.ready(record);
    expect(here.openPersonal('s', record)).toEqual(person);
    expect(here.openCode('s', record)).toBe('123456');
  });

  // Catches: 503 after the slot was written, to a caller who then repeats what was charged already.
  it('leaves a code closed, and is no error, while the file does not have it', async () => {
    const { here, record } = setup();
    await here.ready(record);
    expect(here.openCode('s', record)).toBeNull();
    expect(here.openPersonal('s', record)).toBeNull();
  });
});
