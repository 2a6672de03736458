import { databaseName, withoutCredentials } from './mongodb-uri';

describe('the connection string', () => {
  it.each([
    ['mongodb://localhost:27017', 'sixdigit'],
    ['mongodb://localhost:27017/?replicaSet=rs0', 'sixdigit'],
    ['mongodb://localhost/otp', 'otp'],
    ['mongodb://u:p%2Fw@a,b,c/otp?replicaSet=rs0', 'otp'],
    ['mongodb+srv://u:p@cluster.example.net/my%20db?w=1', 'my db'],
  ])('%s names the database %s', (uri, name) => {
    expect(databaseName(uri)).toBe(name);
  });

  it.each([
    ['mongodb://ana:s3cr%40t@db/otp', 'connecting to mongodb://ana:s3cr%40t@db/otp failed'],
    ['mongodb://ana:s3cr%40t@db/otp', 'user ana with s3cr@t or s3cr%40t'],
    ['mongodb://ana:s3cr@t@db/otp', 'unescaped characters in ana:s3cr@t'],
    ['mongodb://ana:%zz@db/otp', 'malformed %zz of ana'],
  ])('never leaves credentials of %s in a text', (uri, text) => {
    expect(withoutCredentials(text, uri)).not.toMatch(/ana|s3cr|%zz/);
  });

  it('leaves a text without credentials alone', () => {
    const text = 'connect ECONNREFUSED 127.0.0.1:27017';
    expect(withoutCredentials(text, 'mongodb://127.0.0.1:27017')).toBe(text);
  });
});
