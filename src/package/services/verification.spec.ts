import type { CreateVerification } from '../../otp/verifications/start/start.dto';
import type { Check, CheckAnswer, VerificationAnswer } from '../../otp/verifications/verifications.dto';
import type { CheckedVerification, CheckVerification, StartVerification, Verification } from './verification';

type Difference<A, B> = Exclude<keyof A, keyof B> | Exclude<keyof B, keyof A>;
/** Does not compile for anything else; the error names what differs. */
type Nothing<T extends never> = T;

interface Differences {
  readonly start: Nothing<Difference<StartVerification, CreateVerification>>;
  readonly check: Nothing<Difference<CheckVerification, Check>>;
  readonly answer: Nothing<Difference<Verification, VerificationAnswer>>;
  readonly checked: Nothing<Exclude<Difference<CheckedVerification, CheckAnswer>, 'replayed'>>;
}
const differences: readonly Differences[] = [];

describe('the types of the package', () => {
  // Catches, when types are checked: a property that the API has and the package has not, or the other way round.
  it('have the properties of the API', () => expect(differences).toEqual([]));
});
