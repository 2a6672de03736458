import { clientIpOf } from '../client-ip';
import { keyFields, prefixOf } from './subjects';

const call = { applicationId: 'app', number: '+34600123456', country: 'ES', address: null, deviceId: null };

describe('the key of a limit', () => {
  it('is of one application, unless it counts over the installation', () => {
    expect(keyFields(call, ['number'])).toEqual(['app', 'number', '+34600123456']);
    expect(keyFields(call, ['number', 'installation'])).toEqual([
      '*',
      'installation',
      '',
      'number',
      '+34600123456',
    ]);
  });

  it('is the same in whatever order it is named', () => {
    expect(keyFields(call, ['country', 'number'])).toEqual(keyFields(call, ['number', 'country']));
  });

  it('is none when the send lacks a part of it', () => {
    expect(keyFields(call, ['ip'])).toBeNull();
    expect(keyFields(call, ['number', 'device'])).toBeNull();
    expect(keyFields({ ...call, address: clientIpOf('10.0.0.1') }, ['ip'])).toBeNull();
  });

  // Catches: an attacker who makes a new key of the same address or device by spelling it differently.
  it.each([
    [{ address: clientIpOf('203.0.113.9') }, { address: clientIpOf('::ffff:203.0.113.9') }, 'ip'],
    [{ address: clientIpOf('2001:db8:1:2::1') }, { address: clientIpOf('2001:DB8:1:2:ffff:0:0:1') }, 'ip'],
    [{ address: clientIpOf('2001:db8:1:2::1') }, { address: clientIpOf('2001:db8:1:ffff::1') }, 'ipNetwork'],
    [{ address: clientIpOf('203.0.113.9') }, { address: clientIpOf('203.0.113.200') }, 'ipNetwork'],
    [{ deviceId: 'caf\u00e9' }, { deviceId: 'cafe\u0301' }, 'device'],
  ] as const)('is one for %j and %j', (one, other, subject) => {
    const key = keyFields({ ...call, ...one }, [subject]);
    expect(key).not.toBeNull();
    expect(keyFields({ ...call, ...other }, [subject])).toEqual(key);
  });

  it('counts numbers of no country together', () => {
    expect(keyFields({ ...call, country: null }, ['country'])).toEqual(['app', 'country', 'none']);
  });
});

describe('a prefix', () => {
  it('is the number without its last 3, 4 or 6 digits', () => {
    expect(prefixOf('+34600123456', 'prefix1k')).toBe('+34600123');
    expect(prefixOf('+34600123456', 'prefix10k')).toBe('+3460012');
    expect(prefixOf('+34600123456', 'operator')).toBe('+34600');
    expect(prefixOf('+6834002', 'operator')).toBe('+68');
  });
});
