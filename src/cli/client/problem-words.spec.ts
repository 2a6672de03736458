import { problemWords } from './problem-words';

describe('a refusal in words', () => {
  it('says what the server said, field by field, and when to come back', () => {
    const problem = {
      title: 'The request is not valid',
      code: 'invalid_request',
      detail: 'Correct it.',
      errors: [{ path: 'to', message: 'Must be a number.' }],
      rule: 'per-day',
      requestId: 'r1',
    };
    expect(problemWords(400, problem, 'application', '7')).toBe(
      [
        'The request is not valid (invalid_request).',
        'Correct it.',
        '  to: Must be a number.',
        '  limit: per-day',
        '  try again in 7 s',
        'Request r1',
      ].join('\n'),
    );
  });

  it.each([
    ['application', /SIXDIGIT_API_KEY/],
    ['admin', /ADMIN_KEY/],
  ] as const)('names the key to set, of the %s', (kind, remedy) => {
    expect(problemWords(401, {}, kind, null)).toMatch(remedy);
  });

  // Catches: an answer of somebody else's that moves the cursor of a terminal.
  it('lets no control character of an answer through', () => {
    expect(problemWords(400, { detail: 'a\u001b[2Jb\u202ec' }, 'admin', null)).toContain('a�[2Jb�c');
  });
});
