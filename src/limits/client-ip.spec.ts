import { clientIpOf, fullClientIp } from './client-ip';

describe('clientIpOf', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7/32', '203.0.113.0/24'],
    ['2a00:1450:4003:80a::200e', '2a00:1450:4003:80a::/64', '2a00:1450:4003::/48'],
  ])('counts %s by address and by network', (text, address, network) => {
    expect(clientIpOf(text)).toEqual({ address, network });
  });

  // Catches: a key made of the text as it came.
  it.each([
    ['8.8.4.4', ['::ffff:8.8.4.4', '::FFFF:808:404', '0:0:0:0:0:ffff:808:404']],
    ['8.8.4.4', ['64:ff9b::8.8.4.4', '2002:808:404::1', '2002:808:404:beef::2']],
    ['2a00:1450::1', ['2A00:1450:0000:0000:0000:0000:0000:0001', '2a00:1450::ffff:ffff:ffff:ffff']],
  ])('knows %s again in every spelling, and from every address that is free to choose', (text, others) => {
    expect(others.map(clientIpOf)).toEqual(others.map(() => clientIpOf(text)));
  });

  it('tells neighbours apart', () => {
    const all = ['8.8.4.4', '8.8.4.5', '2a00:1450::1', '2a00:1450:0:1::1', '64:ff9b::8.8.4.6'];
    expect(new Set(all.map((text) => clientIpOf(text)?.address)).size).toBe(all.length);
  });

  // Catches: the caller's own proxy counted as a person, whose limit is then everybody's.
  it.each([
    ...['10.0.0.7', '172.31.255.1', '192.168.1.1', '127.0.0.1', '169.254.169.254', '100.64.0.1'],
    ...['0.0.0.0', '255.255.255.255', '224.0.0.1', '240.0.0.1', '::ffff:10.0.0.7', '64:ff9b::10.0.0.7'],
    ...['::', '::1', 'fe80::1', 'fd00::1', 'ff02::1', '2002:a00:7::1', '100::1'],
  ])('takes %s, which nobody on the internet has, for no address', (text) => {
    expect(clientIpOf(text)).toBeNull();
  });

  it.each([
    ...['', 'unknown', '8.8.4', '8.8.1028', '010.8.4.4', '0x8.8.4.4', '8.8.4.4:443', '8.8.4.4, 10.0.0.1'],
    ...[
      '2a00:1450::1%eth0',
      'fe80::1%0',
      '[2a00:1450::1]',
      '8.8.4.4/24',
      ' 8.8.4.4',
      '٨.٨.٤.٤',
      'x'.repeat(1e5),
    ],
  ])('refuses what is no address in its usual spelling: %#', (text) => {
    expect(clientIpOf(text)).toBeNull();
  });

  it('has no address of a caller that tells none', () => {
    expect([clientIpOf(null), clientIpOf(undefined)]).toEqual([null, null]);
  });

  it('tells the full address to those who ask for it, by the same rules', () => {
    expect(fullClientIp('::ffff:8.8.4.4')).toBe('8.8.4.4');
    expect(fullClientIp('2A00:1450::0001')).toBe('2a00:1450::1');
    expect([fullClientIp('10.0.0.7'), fullClientIp('no address'), fullClientIp(null)]).toEqual([
      null,
      null,
      null,
    ]);
  });
});
