import { bindRefusalOf, refusalOf } from './command-status';

describe('the status of an SMPP answer', () => {
  it.each<[number, string]>([
    [0x01, 'content'],
    [0x02, 'refused'],
    [0x03, 'refused'],
    [0x04, 'unavailable'],
    [0x05, 'refused'],
    [0x06, 'refused'],
    [0x07, 'refused'],
    [0x08, 'unavailable'],
    [0x0a, 'refused'],
    [0x0b, 'invalid-number'],
    [0x0c, 'refused'],
    [0x0d, 'unauthorized'],
    [0x0e, 'unauthorized'],
    [0x0f, 'unauthorized'],
    [0x14, 'rate-limited'],
    [0x15, 'refused'],
    [0x43, 'refused'],
    [0x45, 'refused'],
    [0x48, 'refused'],
    [0x49, 'refused'],
    [0x50, 'refused'],
    [0x51, 'refused'],
    [0x53, 'unauthorized'],
    [0x58, 'rate-limited'],
    [0x61, 'refused'],
    [0x62, 'refused'],
    [0x64, 'refused'],
    [0x65, 'refused'],
    [0x66, 'refused'],
    [0xc4, 'refused'],
    [0xfe, 'refused'],
    [0xff, 'refused'],
    [0x4ff, 'refused'],
  ])('%i becomes %s', (status, reason) => {
    const vendorCode = `0x${status.toString(16).toUpperCase().padStart(2, '0')}`;
    expect(refusalOf(status)).toEqual({ outcome: 'rejected', reason, vendorCode });
  });

  it.each<[number, string]>([
    [0x01, 'unavailable'],
    [0x0b, 'unavailable'],
    [0x0d, 'unauthorized'],
    [0x0e, 'unauthorized'],
    [0x0f, 'unauthorized'],
    [0x14, 'rate-limited'],
    [0x15, 'unavailable'],
    [0x4ff, 'unavailable'],
  ])('%i to a bind is about the account: %s', (status, reason) => {
    expect(bindRefusalOf(status)).toMatchObject({ outcome: 'rejected', reason });
  });
});
