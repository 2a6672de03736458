import { brokenByGuesses, type GuessedCode } from './guess-storm';
import { brokenByRepeats, type StormedKey } from './key-storm';

describe('a storm of guesses', () => {
  const failed: GuessedCode = {
    words: { '200': 5, '409 verification_failed': 90, '503 unavailable': 5 },
    approvals: 0,
    hadRight: false,
    status: 'failed',
    checksUsed: 5,
    failures: 5,
    events: { created: 1, check_failed: 5, failed: 1 },
  };
  const approved: GuessedCode = {
    words: { '200': 3, '409 verification_approved': 97 },
    approvals: 1,
    hadRight: true,
    status: 'approved',
    checksUsed: 3,
    failures: 0,
    events: { created: 1, check_failed: 2, approved: 1 },
  };

  it('has no fault where five are evaluated, or fewer up to the right one', () => {
    expect([brokenByGuesses(failed), brokenByGuesses(approved)]).toEqual([[], []]);
  });

  it.each<[string, Partial<GuessedCode>]>([
    [
      'a sixth guess is evaluated',
      { words: { '200': 6 }, checksUsed: 6, failures: 6, events: { check_failed: 6 } },
    ],
    ['a guess is evaluated and not charged', { checksUsed: 4 }],
    ['the recipient’s count is too low', { failures: 4 }],
    ['the log has one guess less', { events: { check_failed: 4, failed: 1 } }],
    ['it goes on', { status: 'pending' }],
    ['a wrong guess is right', { approvals: 1, status: 'approved', failures: 0 }],
    ['somebody gets an error', { words: { '200': 5, '500 internal': 1 } }],
  ])('has one where %s', (_, change) => {
    expect(brokenByGuesses({ ...failed, ...change })).not.toEqual([]);
  });

  it('has one where two are told that they are right', () => {
    expect(brokenByGuesses({ ...approved, approvals: 2 })).not.toEqual([]);
  });
});

describe('a storm of repeats', () => {
  const whole: StormedKey = {
    ids: ['v1', 'v1', 'v1'],
    first: 1,
    refusals: ['409 idempotency_in_progress'],
    texts: 1,
    made: 1,
  };

  it('has no fault where all hear of one verification', () => {
    expect(brokenByRepeats(whole)).toEqual([]);
  });

  it.each<[string, Partial<StormedKey>]>([
    ['somebody hears of another one', { ids: ['v1', 'v2'] }],
    ['another one was made and replaced', { made: 2 }],
    ['two are the first', { first: 2 }],
    ['a text is sent again', { texts: 2 }],
    ['somebody is refused for another reason', { refusals: ['429 send_limit_reached'] }],
  ])('has one where %s', (_, change) => {
    expect(brokenByRepeats({ ...whole, ...change })).not.toEqual([]);
  });
});
