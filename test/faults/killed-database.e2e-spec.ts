import { expectPromisesKept } from './database-campaign';

describe('mongod dies under load and comes back; the app is never restarted', () => {
  it('alone: killed and restarted six times', () => expectPromisesKept(1, 6), 240_000);
});
