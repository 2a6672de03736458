import { fixedCodes, type Clause } from '../clause';
import { livesAtMost, noEmail, sixDigits } from '../rules';

/** NIST SP 800-63B-4, as far as it is about codes sent to a phone. */
export const nist: readonly Clause[] = [
  {
    clause: '§3.1.3.2 (generation)',
    asks: '≥ 6 digits or the equivalent, from an approved generator',
    by: 'policy',
    rules: [sixDigits],
    answer: 'Each character is drawn by `crypto.randomInt`. A weaker setting is answered with a notice.',
    exception: fixedCodes,
    notes: ['random', 'policies', 'notices'],
  },
  {
    clause: '§3.1.3.2 (life)',
    asks: 'valid for ≤ 10 minutes',
    by: 'policy',
    rules: [livesAtMost(600)],
    answer:
      'The write that approves compares with the clock of the database. A longer setting is answered with a notice.',
    notes: ['expiry', 'policies', 'notices'],
  },
  {
    clause: '§3.1.3.2 (once)',
    asks: 'a code is accepted once',
    by: 'product',
    answer: 'Approval removes the code in the same write.',
    notes: ['once'],
  },
  {
    clause: '§3.1.3.2 (count)',
    asks: 'failures in a row are limited, and a new code does not reset their count',
    by: 'product',
    answer:
      'They are counted per recipient and purpose, over all codes; only a right code or an unlock clears them.',
    notes: ['count'],
  },
  {
    clause: '§3.2.2 (limit)',
    asks: '≤ 100 failures in a row',
    by: 'product',
    answer: 'At 100 wrong codes in a row nothing works for that recipient and purpose until an unlock.',
    notes: ['unlock', 'ladder'],
  },
  {
    clause: '§3.2.2 (victim)',
    asks: 'the limit must not make it easy to lock somebody out',
    by: 'product',
    answer:
      'Locks end by themselves up to failure 89, and support can unlock; a known device keeps the last ten failures, ' +
      'and is exempt from the locks before unless `lock.knownDevices` is `held`.',
    notes: ['devices'],
  },
  {
    clause: '§3.1.3.3, §3.2.9',
    asks: 'the telephone network is restricted: offer an alternative, tell people of the risk, plan to move on',
    by: 'you',
    answer: 'docs/security.md has a notice that you may use.',
  },
  {
    clause: '§3.1.3.3 (SIM)',
    asks: 'consider a change of SIM or device before sending',
    by: 'nobody',
    answer: 'Sixdigit asks nobody whether a SIM was changed.',
  },
  {
    clause: '§3.1.3 (e-mail)',
    asks: 'no e-mail as the second channel',
    by: 'policy',
    rules: [noEmail],
    answer: 'Channels count here if a gateway is routed for them.',
    notes: ['unmailed', 'policies'],
  },
  {
    clause: '§3.1.3 (primary channel)',
    asks: 'the code comes back on the primary channel',
    by: 'product',
    answer: 'Codes come back over the API; no link and no reply approves anything.',
    notes: ['texts', 'get'],
  },
  {
    clause: '§3.2.5',
    asks: 'phishing resistance',
    by: 'nobody',
    answer: 'A code that a person types can be typed into a false page. None is claimed.',
  },
  {
    clause: '§3.2.6',
    asks: 'a protected channel with authentication of both sides between verifier and service',
    by: 'you',
    answer: 'TLS, and mutual TLS, end at your proxy in front of Sixdigit.',
  },
];
