import { directUri, isSocketPath, listenArguments, memberHost } from './mongod-address';

describe('the address of a mongod', () => {
  it('is a port of this machine only', () => {
    expect(memberHost({ port: 27 })).toBe('127.0.0.1:27');
    expect(directUri({ port: 27 })).toBe('mongodb://127.0.0.1:27/?directConnection=true');
    expect(listenArguments({ port: 27 })).toEqual(expect.arrayContaining(['--bind_ip', '127.0.0.1']));
  });

  it('or a socket', () => {
    expect(memberHost({ socket: '/a/B.sock' })).toBe('/a/B.sock');
    expect(directUri({ socket: '/a/B.sock' }, 'x')).toBe('mongodb://%2Fa%2FB.sock/x?directConnection=true');
    expect(listenArguments({ socket: '/a/B.sock' })).toEqual(
      expect.arrayContaining(['--bind_ip', '/a/B.sock']),
    );
  });

  it.each([
    ['/srv/sixdigit/.sixdigit/mongodb/mongod.sock', true],
    [`/${'a'.repeat(102)}`, true],
    [`/${'a'.repeat(103)}`, false],
    [`/${'é'.repeat(52)}`, false],
    ['/srv/two,lists/mongod.sock', false],
    ['/srv/a:b/mongod.sock', false],
    ['/srv/my data/mongod.sock', false],
    ['/srv/100%/mongod.sock', false],
    ['relative.sock', false],
  ])('knows which paths can be a socket: %s: %s', (path, expected) => {
    expect(isSocketPath(path)).toBe(expected);
  });
});
