import { assessServer, type ServerReport } from './server-report';

const member: ServerReport = {
  hello: { setName: 'rs0', isWritablePrimary: true },
  version: '6.0.5',
  defaultWriteConcern: 'majority',
  majorityIsJournaled: true,
};

describe('assessing a MongoDB server', () => {
  it('accepts a replica set and a mongos without a warning', () => {
    const mongos = { ...member, hello: { msg: 'isdbgrid', isWritablePrimary: true } };
    expect(assessServer(member)).toEqual({ problem: null, warnings: [] });
    expect(assessServer(mongos)).toEqual({ problem: null, warnings: [] });
  });

  it('accepts a server whose account may not ask for the rest', () => {
    const quiet = { ...member, defaultWriteConcern: null, majorityIsJournaled: null };
    expect(assessServer(quiet)).toEqual({ problem: null, warnings: [] });
  });

  it.each([
    ['too old', { version: '5.0.31' }, /5\.0\.31; 6\.0 is the oldest/],
    ['without a version', { version: 'of unknown version' }, /6\.0 is the oldest/],
    ['stand-alone', { hello: { isWritablePrimary: true } }, /not a replica set.*rs\.initiate/],
    ['a secondary', { hello: { setName: 'rs0', isWritablePrimary: false } }, /takes no writes/],
  ])('refuses a server that is %s and names MONGODB_URI', (_, change, message) => {
    const { problem } = assessServer({ ...member, ...change });
    expect(problem).toMatch(message);
    expect(problem).toContain('MONGODB_URI');
  });

  it.each([
    ['arbiters', { hello: { ...member.hello, arbiters: ['c:27017'] } }, /1 arbiter/],
    ['a weak default write concern', { defaultWriteConcern: 1 }, /default write concern of the server is 1/],
    ['majority without journal', { majorityIsJournaled: false }, /writeConcernMajorityJournalDefault/],
  ])('warns of %s', (_, change, message) => {
    const { problem, warnings } = assessServer({ ...member, ...change });
    expect(problem).toBeNull();
    expect(warnings).toEqual([expect.stringMatching(message)]);
  });
});
