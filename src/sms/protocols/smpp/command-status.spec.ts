import { refusalOf } from './command-status';

describe('the status of an SMPP answer', () => {
  it.each<[number, string]>([
    [0x01, 'content'],
    [0x02, 'unavailable'],
    [0x03, 'unavailable'],
    [0x04, 'unavailable'],
    [0x05, 'unavailable'],
    [0x06, 'unavailable'],
    [0x07, 'unavailable'],
    [0x08, 'unavailable'],
    [0x0a, 'unavailable'],
    [0x0b, 'invalid-number'],
    [0x0c, 'unavailable'],
    [0x0d, 'unauthorized'],
    [0x0e, 'unauthorized'],
    [0x0f, 'unauthorized'],
    [0x14, 'rate-limited'],
    [0x15, 'unavailable'],
    [0x43, 'unavailable'],
    [0x45, 'unavailable'],
    [0x48, 'unavailable'],
    [0x49, 'unavailable'],
    [0x50, 'unavailable'],
    [0x51, 'unavailable'],
    [0x53, 'unauthorized'],
    [0x58, 'rate-limited'],
    [0x61, 'unavailable'],
    [0x62, 'unavailable'],
    [0x64, 'unavailable'],
    [0x65, 'unavailable'],
    [0x66, 'unavailable'],
    [0xc4, 'unavailable'],
    [0xfe, 'unavailable'],
    [0xff, 'unavailable'],
    [0x4ff, 'unavailable'],
  ])('%i becomes %s', (status, reason) => {
    const vendorCode = `0x${status.toString(16).toUpperCase().padStart(2, '0')}`;
    expect(refusalOf(status)).toEqual({ outcome: 'rejected', reason, vendorCode });
  });
});
