import type { Clause } from '../clause';
import { locksBy, locksEverybody, locksFor } from '../rules';

const YEAR_DAYS = 365;

/** PCI DSS 4.0.1. */
export const pci: readonly Clause[] = [
  {
    clause: '8.3.2 (storage)',
    asks: 'authentication factors are unreadable in storage',
    by: 'product',
    answer: 'Codes are stored as a MAC and sealed by AES-256-GCM, while they are pending only.',
    notes: ['dump'],
  },
  {
    clause: '8.3.2 (transmission)',
    asks: 'authentication factors are unreadable in transmission',
    by: 'nobody',
    answer: 'Text messages and calls are readable on the telephone network, whatever the way to the gateway.',
  },
  {
    clause: '8.3.4',
    asks: 'a lock after ≤ 10 failures, for ≥ 30 minutes or until the identity is confirmed',
    by: 'policy',
    rules: [locksBy(10), locksFor(30 * 60), locksEverybody],
    answer: 'Until then only `/v1/recipients/unlock` ends it: call it once the identity is confirmed.',
    notes: ['locks', 'policies'],
  },
  {
    clause: '8.5.1 (replay)',
    asks: 'factors cannot be replayed',
    by: 'product',
    answer: 'A code is accepted once.',
    notes: ['once'],
  },
  {
    clause: '8.5.1 (factors)',
    asks: 'two types of factors, both needed, none bypassed',
    by: 'you',
    answer: 'A code proves one factor, the phone; your application asks for the other.',
  },
  {
    clause: '10.3.2, 10.3.4',
    asks: 'audit logs are protected from changes, and changes are noticed',
    by: 'nobody',
    answer: 'No code edits an entry, but whoever operates the database can: the log is not tamper-evident.',
  },
  {
    clause: '10.5.1',
    asks: 'audit logs are kept ≥ 12 months',
    by: 'server',
    isMet: ({ auditRetentionDays }) => auditRetentionDays >= YEAR_DAYS,
    says: ({ auditRetentionDays }) =>
      `They are kept ${auditRetentionDays} days; at least ${YEAR_DAYS} are asked for.`,
    answer: '`AUDIT_RETENTION_DAYS` of the server says how long.',
    notes: ['audit'],
  },
];
