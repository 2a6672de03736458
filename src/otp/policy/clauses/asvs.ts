import { fixedCodes, type Clause } from '../clause';
import { livesAtMost, sixDigits } from '../rules';

/** OWASP ASVS 5.0: level 2, and what of level 1 and 3 is about this product. */
export const asvs: readonly Clause[] = [
  {
    clause: '6.5.1',
    asks: 'used once',
    by: 'product',
    answer: 'Approval removes the code in the same write.',
    notes: ['once'],
  },
  {
    clause: '6.5.3, 6.5.4',
    asks: 'cryptographic generator; ≥ 20 bits, for which 6 random digits suffice',
    by: 'policy',
    rules: [sixDigits],
    answer: 'Six digits are 19.9 bits, and the clause names them as enough. Drawn by `crypto.randomInt`.',
    exception: fixedCodes,
    notes: ['random', 'policies'],
  },
  {
    clause: '6.5.5',
    asks: 'valid for ≤ 10 minutes',
    by: 'policy',
    rules: [livesAtMost(600)],
    answer: 'The write that approves compares with the clock of the database.',
    notes: ['expiry', 'policies'],
  },
  {
    clause: '6.6.1 (numbers)',
    asks: 'numbers are validated',
    by: 'product',
    answer: 'A number is parsed and judged before anything is written or sent.',
    notes: ['phone'],
  },
  {
    clause: '6.6.1 (methods)',
    asks: 'stronger methods are offered; level 3 forbids SMS',
    by: 'you',
    answer: 'Your application offers them.',
  },
  {
    clause: '6.6.2',
    asks: 'a code is bound to the request that it was made for',
    by: 'product',
    answer:
      'Its MAC covers application, verification and transaction; the slot covers purpose and recipient.',
    notes: ['bound'],
  },
  {
    clause: '6.6.3',
    asks: 'limits against guessing',
    by: 'product',
    answer: 'Guesses are limited per code, and wrong ones per recipient and purpose over all codes.',
    notes: ['guesses', 'count'],
  },
  {
    clause: '8.4.1',
    asks: 'tenants are isolated',
    by: 'product',
    answer: 'Every call compares the application of the slot with its own.',
    notes: ['tenants'],
  },
  {
    clause: '11.4.1, 11.5.1',
    asks: 'approved MACs; random values of ≥ 128 bits',
    by: 'product',
    answer:
      'HMAC-SHA-256 and AES-256-GCM; keys of 256 random bits. A verification id is an AES-128 block of 80 keyed and 48 ' +
      'random bits, and is no secret by itself.',
    notes: ['derive', 'sealed', 'keys', 'ids'],
  },
  {
    clause: '13.3.1, 13.3.4',
    asks: 'keys apart from code, and rotated',
    by: 'product',
    answer:
      'Keys are in a file of their own, refused when short, missing, exposed or guessable; the ring rotates while the server runs.',
    notes: ['exposed', 'rotate'],
  },
  {
    clause: '14.2.1',
    asks: 'nothing sensitive in URLs',
    by: 'nobody',
    answer:
      'Bodies carry them, except the optional `?to=` of two lists, and what is made for gateways: the ticket of a receipt, and the words of a call, sealed.',
    notes: ['log', 'tickets', 'words'],
  },
  {
    clause: '14.3.2',
    asks: '`no-store`',
    by: 'product',
    answer: 'Every answer of the API says so.',
    notes: ['edge', 'hostile'],
  },
  {
    clause: '15.4.2',
    asks: 'check and act as one (level 3)',
    by: 'product',
    answer: 'A write takes effect only on the version that was judged.',
    notes: ['guesses', 'memory'],
  },
  {
    clause: '16.3, 16.4.1',
    asks: 'security events are logged, and cannot be forged by input',
    by: 'product',
    answer: 'They are in the audit log; log lines are JSON, one for each event.',
    notes: ['audit', 'lines'],
  },
  {
    clause: '16.5',
    asks: 'fails closed, and says nothing of the inside',
    by: 'product',
    answer: 'An error is 503 or 500 without details, never an approval.',
    notes: ['closed'],
  },
];
