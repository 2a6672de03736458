import type { AttemptRecord } from '../../slots/slot';
import { byClientReference, byTicket, factOf, isMeant } from './receipt-match';
import type { FoundBy } from './receipt-match';

const name = { verificationId: 'v'.repeat(22), deliveryId: 'd'.repeat(22) };
const other = 'x'.repeat(22);
const receipt = (more: object = {}) => ({ state: 'delivered', ...more }) as const;
const attempt = (provider: string, reference: string | null) => ({ provider, reference }) as AttemptRecord;

describe('which delivery a receipt is about', () => {
  it('by ticket, unless it says itself that it is about another one', () => {
    const told = (clientReference?: string) => byTicket(name, receipt({ clientReference }))?.name ?? null;
    expect(told()).toEqual(name);
    expect(told(name.verificationId + name.deliveryId)).toEqual(name);
    expect(told(name.deliveryId)).toEqual(name);
    expect(told('of the vendor')).toEqual(name);
    expect(told(name.verificationId + other)).toBeNull();
    expect(told(other + name.deliveryId)).toBeNull();
    expect(told(other)).toBeNull();
  });

  it('by what the vendor echoes', () => {
    const clientReference = name.verificationId + name.deliveryId;
    expect(byClientReference(receipt({ clientReference }))?.name).toEqual(name);
    expect(byClientReference(receipt({ clientReference: other }))).toBeNull();
    expect(byClientReference(receipt())).toBeNull();
  });
});

describe('whether a gateway can mean a delivery', () => {
  const lease = { owner: 'me', n: 1, until: new Date() };
  const meant = (
    attempts: AttemptRecord[],
    told: object,
    by: FoundBy = 'ticket',
    open: Partial<{ lease: typeof lease }> = {},
  ) => isMeant({ attempts, ...open }, 'acme', { by, receipt: receipt(told) });

  it('only one that was asked, or may have been', () => {
    expect(meant([attempt('acme', null)], {}, 'client-reference')).toBe(true);
    expect(meant([attempt('other', null)], {}, 'client-reference')).toBe(false);
    expect(meant([], {}, 'client-reference')).toBe(false);
    expect(meant([], {}, 'reference')).toBe(false);
    expect(meant([], {}, 'client-reference', { lease })).toBe(true);
    expect(meant([attempt('other', null)], {}, 'ticket')).toBe(true);
    const skipped = { ...attempt('acme', null), outcome: 'skipped' };
    expect(meant([skipped, attempt('other', null)], {}, 'client-reference')).toBe(false);
  });

  it('only under the reference that it gave, if it gave one', () => {
    const own = [attempt('other', 'z'), attempt('acme', 'a'), attempt('acme', 'b')];
    expect(meant(own, { reference: 'a' })).toBe(true);
    expect(meant(own, { reference: 'b' })).toBe(true);
    expect(meant(own, {})).toBe(true);
    expect(meant(own, { reference: 'z' })).toBe(false);
    expect(meant(own, { reference: 'c' }, 'client-reference')).toBe(false);
    expect(meant([attempt('acme', null)], { reference: 'c' })).toBe(true);
  });

  it('a part may have a name of its own, and so may what was remembered', () => {
    expect(meant([attempt('acme', 'a')], { reference: 'c', part: '2' })).toBe(true);
    expect(meant([attempt('acme', 'a')], { reference: 'c' }, 'reference')).toBe(true);
  });
});

describe('what is kept of a receipt', () => {
  it('everything, with nothing left out', () => {
    const price = { micros: 5, currency: 'EUR' };
    expect(
      factOf({ state: 'undelivered', reason: 'blocked', reference: 'r', part: '1', parts: 2, price }),
    ).toEqual({
      state: 'undelivered',
      reason: 'blocked',
      reference: 'r',
      part: '1',
      parts: 2,
      price,
    });
    expect(factOf({ state: 'sent' })).toEqual({
      state: 'sent',
      reason: null,
      reference: null,
      part: null,
      parts: null,
      price: null,
    });
    expect(factOf({ state: 'undelivered' }).reason).toBe('unknown');
  });

  // Catches: numbers of a vendor that the database or the rule cannot count with.
  it.each([0, -1, 1.5, NaN, Infinity, 256, undefined])('no number of parts that is none: %s', (parts) => {
    expect(factOf({ state: 'sent', ...(parts === undefined ? {} : { parts }) }).parts).toBeNull();
  });

  it('no price that is none, and of a long name of a part its beginning', () => {
    expect(factOf({ state: 'sent', price: { micros: NaN, currency: 'EUR' } }).price).toBeNull();
    expect(factOf({ state: 'sent', part: 'x'.repeat(100) }).part).toHaveLength(64);
  });
});
