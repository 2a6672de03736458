import { outcomeOfFailure } from './mail-failure';

const failure = (command: string, response: string, code = 'EENVELOPE') => ({
  code,
  command,
  response,
  responseCode: Number(response.slice(0, 3)),
});

describe('a mail that failed', () => {
  it.each([
    ['RCPT TO', '550 5.1.1 no such user', 'invalid-number', '5.1.1'],
    ['RCPT TO', '550 5.1.2 no such domain', 'invalid-number', '5.1.2'],
    ['RCPT TO', '550 5.1.10 null MX', 'invalid-number', '5.1.10'],
    ['RCPT TO', '550 5.2.1 mailbox disabled', 'invalid-number', '5.2.1'],
    ['RCPT TO', '550 unknown', 'invalid-number', '550'],
    ['RCPT TO', '551 moved', 'invalid-number', '551'],
    ['RCPT TO', '553 not allowed', 'invalid-number', '553'],
    ['RCPT TO', '553 5.1.8 your domain', 'refused', '5.1.8'],
    ['RCPT TO', '552 5.2.2 full', 'blocked', '5.2.2'],
    ['RCPT TO', '552 full', 'blocked', '552'],
    // Catches: a relay that is not ours taken for a person who wants no mail, so that no other server is tried.
    ['RCPT TO', '554 5.7.1 relay access denied', 'refused', '5.7.1'],
    ['RCPT TO', '554 refused', 'refused', '554'],
    ['RCPT TO', '550-5.7.1 policy\n550 5.7.1 more', 'refused', '5.7.1'],
    ['RCPT TO', '503 sequence', 'refused', '503'],
    ['RCPT TO', '550 5.4.1 no route', 'refused', '5.4.1'],
    ['RCPT TO', '450 busy', 'refused', '450'],
    ['RCPT TO', '450 4.7.1 grey-listed', 'refused', '4.7.1'],
    ['RCPT TO', '452 4.3.1 storage', 'refused', '4.3.1'],
    ['RCPT TO', '451 4.4.5 congested', 'rate-limited', '4.4.5'],
    ['MAIL FROM', '421 4.3.2 going down', 'unavailable', '4.3.2'],
    ['MAIL FROM', '421 closing', 'unavailable', '421'],
    ['MAIL FROM', '530 5.7.0 sign in first', 'unauthorized', '5.7.0'],
    ['MAIL FROM', '550 5.7.60 not your address', 'unauthorized', '5.7.60'],
    ['MAIL FROM', '550 no', 'unavailable', '550'],
    ['DATA', '554 5.7.1 spam', 'content', '5.7.1'],
    ['DATA', '550 5.6.0 unreadable', 'content', '5.6.0'],
    ['DATA', '552 5.3.4 too long', 'content', '5.3.4'],
    ['DATA', '550 spam', 'content', '550'],
    ['DATA', '554 5.5.1 no valid recipients', 'refused', '5.5.1'],
    ['DATA', '451 4.7.0 slow down', 'rate-limited', '4.7.0'],
    ['DATA', '451 4.3.0 local error', 'unavailable', '4.3.0'],
    ['DATA', '451 not now', 'refused', '451'],
    ['RCPT TO', '421 closing', 'unavailable', '421'],
    ['CONN', '554 no service', 'unavailable', '554'],
    ['CONN', '421 4.7.0 too many', 'rate-limited', '4.7.0'],
  ])('at %s with "%s"', (command, response, reason, vendorCode) => {
    for (const wasRead of [false, true]) {
      expect(outcomeOfFailure(failure(command, response), wasRead)).toEqual({
        outcome: 'rejected',
        reason,
        vendorCode,
      });
    }
  });

  it.each([
    ['535 5.7.8 bad credentials', 'unauthorized'],
    ['534 5.7.9 too weak', 'unauthorized'],
    ['454 4.7.0 later', 'unavailable'],
  ])('while signing in with "%s"', (response, reason) => {
    expect(outcomeOfFailure(failure('AUTH PLAIN', response, 'EAUTH'), false)).toMatchObject({ reason });
  });

  it.each([
    ['EAUTH', 'unauthorized'],
    ['EENVELOPE', 'invalid-number'],
    ['ECONNECTION', 'unavailable'],
    ['ETIMEDOUT', 'unavailable'],
    ['ETLS', 'unavailable'],
    ['constructor', 'unavailable'],
  ])('without a reply, before the mail was taken: %s', (code, reason) => {
    expect(outcomeOfFailure({ code, command: 'CONN' }, false)).toEqual({ outcome: 'rejected', reason });
  });

  it('without a reply, after the mail was taken, is unknown', () => {
    expect(outcomeOfFailure({ code: 'ECONNECTION', command: 'CONN' }, true)).toEqual({ outcome: 'unknown' });
    expect(outcomeOfFailure(null, true)).toEqual({ outcome: 'unknown' });
  });
});
