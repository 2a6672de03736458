import fc from 'fast-check';
import { aKeyRing } from '../../../../test/builders/key-ring';
import { systemRandom } from '../../../common/random';
import { SealedService } from '../../slots/sealed.service';
import { CodesService, type Guess } from './codes.service';

const keys = aKeyRing();
const codes = new CodesService(keys, new SealedService(keys), systemRandom);
const transaction = { amount: '49.90', currency: 'EUR', payee: 'Shop' };

function macOf(bound: Partial<Pick<Guess, 'transaction' | 'digest'>>): string {
  const guess = { verificationId: 'verification', code: '482915', transaction: undefined, digest: undefined };
  const [candidate] = codes.candidates('app', { ...guess, ...bound, deviceId: undefined });
  return candidate?.mac.toString('base64url') ?? '';
}

describe('what a code is bound to', () => {
  // Catches: codes that are out there while a new version starts, and then fit no guess. The values were computed
  // before there were digests.
  it('is without a digest what it always was', () => {
    expect(macOf({})).toBe('X3HbHrBDiyzoDI6jiu64BBDtNFyCtjyNXwakPnM5SOM');
    expect(macOf({ transaction })).toBe('zoCCFUftolQ18a9EGj1q_t9RSKj-ax8LwHihF_bsI4E');
  });

  // A change here makes codes with a digest that are out there worth nothing. The values come from another implementation of
  // HKDF and HMAC.
  it('is with a digest what it was in the first version that had them', () => {
    expect(macOf({ digest: 'a' })).toBe('edJoGZEr5WsC1QmEHyTsSnTXP79yszD69RQ8QnWhNgk');
    expect(macOf({ transaction, digest: 'a' })).toBe('-WJc6FqTmVgg5OrrrleaIjlB10OmfR8NGRoL5ydsKtU');
  });

  // Catches: a digest left out of the MAC, compared in part or without its case, or joined to its neighbour.
  it('differs by every part, and by whether it is there', () => {
    const payments = fc.constantFrom(undefined, transaction, { ...transaction, amount: '49.9' });
    const own = keys.digest('transaction', '49.90', 'EUR', 'Shop').toString('base64url');
    const digests = fc.constantFrom(undefined, '', 'a', 'A', 'a ', 'á', 'a\u0301', own, '49.90EURShop');
    const any = fc.record({ transaction: payments, digest: digests });
    fc.assert(
      fc.property(any, any, (one, other) => {
        const isSame = one.digest === other.digest && one.transaction === other.transaction;
        expect(macOf(one) === macOf(other)).toBe(isSame);
      }),
      { numRuns: 1_000 },
    );
  });
});
