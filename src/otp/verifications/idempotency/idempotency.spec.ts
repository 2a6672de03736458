import { aClaim, aRunningRecord } from '../../../../test/builders/idempotency.builder';
import fc from 'fast-check';
import { DomainError } from '../../../common/errors';
import { canonicalJson, outcomeOf, validIdempotencyKey } from './idempotency';

const errorOf = (action: () => unknown): DomainError => {
  try {
    action();
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error('was not refused');
};

describe('an idempotency key', () => {
  it.each(['a', '8e03978e-40d5-43dd-bc93-6894a57f9324', '"quoted"', '!~', 'k'.repeat(255)])(
    'may be %j',
    (key) => {
      expect(validIdempotencyKey(key)).toBe(key);
    },
  );

  it.each(['', ' ', 'a b', 'a, b', 'a\t', 'a\n', 'ä', '\u007f', '\u0000', 'k'.repeat(256)])(
    'may not be %j',
    (key) => {
      const error = errorOf(() => validIdempotencyKey(key));
      expect(error.code).toBe('invalid_request');
      expect(error.details.errors?.[0]?.path).toBe('Idempotency-Key');
    },
  );
});

describe('the canonical form of a request', () => {
  it('does not depend on the order of keys, at any depth', () => {
    expect(canonicalJson({ b: 1, a: { d: [1, { f: 2, e: 3 }], c: null } })).toBe(
      '{"a":{"c":null,"d":[1,{"e":3,"f":2}]},"b":1}',
    );
  });

  it('tells apart what is different, and counts undefined as absent', () => {
    const forms = [
      {},
      { a: 1 },
      { a: '1' },
      { a: null },
      { a: [1] },
      { a: [1, 2] },
      { a: [2, 1] },
      [],
      null,
      '',
    ];
    expect(new Set(forms.map(canonicalJson)).size).toBe(forms.length);
    expect(canonicalJson({ a: undefined })).toBe('{}');
    expect(canonicalJson(undefined)).toBe('');
    expect(canonicalJson(JSON.parse('{"__proto__": 1}'))).toBe('{"__proto__":1}');
  });

  it('reads back as the same value', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        const value: unknown = JSON.parse(json);
        expect(JSON.parse(canonicalJson(value))).toEqual(value);
      }),
    );
  });
});

describe('what a claim came to', () => {
  const record = aRunningRecord();
  const claim = aClaim();
  const response = { outcome: 'started', verificationId: 'joined' };

  it('is a run, with the ids of the record, for the one whose attempt it is', () => {
    expect(outcomeOf(record, { ...claim, attempt: 'first' })).toEqual({
      kind: 'run',
      recordId: 'record',
      attempt: 'first',
      opId: 'op',
      verificationId: 'verification',
    });
  });

  it('is the first answer once there is one', () => {
    expect(outcomeOf({ ...record, state: 'done', response }, claim)).toEqual({ kind: 'replay', ...response });
  });

  it('is a conflict with Retry-After while another attempt runs', () => {
    const error = errorOf(() => outcomeOf(record, claim));
    expect(error.code).toBe('idempotency_in_progress');
    expect(error.details.retryAfterSeconds).toBe(1);
  });

  it('is a refusal for another request, whether the first one ended or not', () => {
    for (const state of ['running', 'suspended', 'done'] as const) {
      const other = { ...record, state, fingerprint: 'other', response: state === 'done' ? response : null };
      expect(errorOf(() => outcomeOf(other, claim)).code).toBe('idempotency_key_reused');
    }
  });
});
