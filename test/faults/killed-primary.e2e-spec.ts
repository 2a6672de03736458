import { expectPromisesKept } from './database-campaign';

describe('mongod dies under load and comes back; the app is never restarted', () => {
  it('as the primary of three: another one takes over, three times', () => expectPromisesKept(3, 3), 240_000);
});
