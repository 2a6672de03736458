import fc from 'fast-check';
import { anyText } from '../../../../test/builders/any-text';
import { idSpellings, readReceipt } from './receipt';

const RECEIPT = 0x04;
const line = (id: string, stat: string) =>
  `id:${id} sub:001 dlvrd:001 submit date:2611230600 done date:2611230601 stat:${stat} err:000 text:Your code is`;

describe('a receipt of an SMSC', () => {
  it.each([
    ['DELIVRD', { state: 'delivered' }],
    ['DELIVERED', { state: 'delivered' }],
    ['ENROUTE', { state: 'sent' }],
    ['ACCEPTD', { state: 'sent' }],
    ['EXPIRED', { state: 'undelivered', reason: 'expired' }],
    ['DELETED', { state: 'undelivered', reason: 'unavailable' }],
    ['UNDELIV', { state: 'undelivered', reason: 'unreachable' }],
    ['REJECTD', { state: 'undelivered', reason: 'unavailable' }],
    ['UNKNOWN', { state: 'unknown' }],
    ['delivrd', { state: 'delivered' }],
  ])('with the word %s', (word, expected) => {
    expect(readReceipt({ esmClass: RECEIPT, text: line('77', word) })).toEqual({
      reference: '77',
      part: '77',
      ...expected,
    });
  });

  it.each([
    [0, 'sent'],
    [1, 'sent'],
    [2, 'delivered'],
    [3, 'undelivered'],
    [4, 'undelivered'],
    [5, 'undelivered'],
    [6, 'sent'],
    [7, 'unknown'],
    [8, 'undelivered'],
    [9, 'undelivered'],
  ])('with the state %i', (messageState, state) => {
    expect(readReceipt({ esmClass: RECEIPT, text: '', messageId: 'A1', messageState })).toMatchObject({
      reference: 'a1',
      state,
    });
  });

  it('believes its options more than its text', () => {
    const text = line('1111111', 'UNDELIV');
    const receipt = readReceipt({ esmClass: RECEIPT, text, messageId: 'a2', messageState: 2 });
    expect(receipt).toMatchObject({ reference: 'a2', state: 'delivered' });
  });

  it('is known by its option alone where the SMSC forgets the bits', () => {
    expect(readReceipt({ esmClass: 0, text: '', messageId: 'a2', messageState: 2 })).not.toBeNull();
  });

  it('of the way is not the end of it', () => {
    expect(readReceipt({ esmClass: 0x20, text: line('77', 'UNDELIV') })).toMatchObject({ state: 'sent' });
  });

  // Catches: a search over the whole text, in which a code or a name may look like anything.
  it('is not read from the excerpt of the text at its end', () => {
    expect(readReceipt({ esmClass: RECEIPT, text: 'id:77 err:000 text:stat:DELIVRD' })).toBeNull();
    expect(readReceipt({ esmClass: RECEIPT, text: 'stat:DELIVRD Text:id:77' })).toBeNull();
  });

  it('cuts off what cannot belong to an id', () => {
    const cut = readReceipt({ esmClass: RECEIPT, text: '', messageId: "abc\u0004'", messageState: 2 });
    expect(cut).toMatchObject({ reference: 'abc' });
  });

  it('is never made of nonsense, and never throws', () => {
    fc.assert(
      fc.property(
        anyText(),
        fc.integer({ min: 0, max: 255 }),
        fc.nat(300),
        (text, esmClass, messageState) => {
          const receipt = readReceipt({ esmClass, text, messageState });
          if (receipt) expect(receipt.reference).toMatch(/^[\x21-\x7e]{1,64}$/);
        },
      ),
    );
  });

  // Catches: a receipt that is dropped because its word is not one of the standard's, so that nothing follows.
  it.each([
    ['FAILED', { state: 'undelivered', reason: 'unknown', unknownWord: 'FAILED' }],
    ['NOT_DELIVERED', { state: 'undelivered', reason: 'unknown', unknownWord: 'NOT_DELIVERED' }],
    ['NOT DELIVERED', { state: 'undelivered', reason: 'unknown', unknownWord: 'NOT DELIVERED' }],
    ['BUFFRED', { state: 'sent', unknownWord: 'BUFFRED' }],
    ['ACKED', { state: 'unknown', unknownWord: 'ACKED' }],
    ['constructor', { state: 'unknown', unknownWord: 'CONSTRUCTOR' }],
    ['8', { state: 'undelivered', reason: 'unavailable' }],
  ])('is read with the word %p as well', (word, meaning) => {
    const text = `id:77 sub:001 dlvrd:000 submit date:2611271200 done date:2611271201 stat:${word} err:034 text:x`;
    expect(readReceipt({ esmClass: RECEIPT, text })).toEqual({ reference: '77', part: '77', ...meaning });
    expect(readReceipt({ esmClass: RECEIPT, text: `id:77 stat:${word}` })).toMatchObject(meaning);
  });

  it('is read by its numeric state, whatever the word', () => {
    const receipt = readReceipt({ esmClass: RECEIPT, text: 'id:77 stat:ODD err:000', messageState: 5 });
    expect(receipt).toMatchObject({ state: 'undelivered', reason: 'unreachable' });
  });
});

describe('the spellings of an id', () => {
  it.each([
    ['2dfdc1c3', ['2dfdc1c3', '771604931']],
    ['2DFDC1C3', ['2dfdc1c3', '771604931']],
    ['0000ABCDEF', ['abcdef', '11259375']],
    ['771604931', ['771604931', '31966906673', '2dfdc1c3']],
    ['5c2a9a1e-2f6d-4e0b-9d35-3a2e8f1f7d10', ['5c2a9a1e-2f6d-4e0b-9d35-3a2e8f1f7d10']],
    ['16', ['16']],
    ['0', ['0']],
  ])('of %s', (id, spellings) => {
    expect(idSpellings(id)).toEqual(spellings);
  });

  // Catches: a conversion by way of floating point numbers, which lose digits from 2^53 on.
  it('meet whatever of the two the SMSC uses where, with or without zeros in front', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0x100000n, max: 0xffff_ffff_ffff_ffffn }),
        fc.boolean(),
        (id, answersHex) => {
          const [hex, decimal] = [`00${id.toString(16).toUpperCase()}`, id.toString()];
          const [answered, reported] = answersHex ? [hex, decimal] : [decimal, hex];
          const receipt = readReceipt({ esmClass: RECEIPT, text: line(reported, 'DELIVRD') });
          expect(idSpellings(answered)).toContain(receipt?.reference);
        },
      ),
    );
  });
});
