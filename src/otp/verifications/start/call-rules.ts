/** What a create may ask for within the policy of its purpose. */
import { DomainError, type FieldProblem } from '../../../common/errors';
import { lifeProblem, type Policy } from '../../policy/policy';
import { reasonOf } from '../../policy/effective-policy';
import { rulesOf, type Profile } from '../../policy/profile';
import { withOverrides, type StartRequest } from './start-plan';

type Ask = Pick<StartRequest, 'codeLength' | 'ttlSeconds' | 'transaction'>;

/** @throws DomainError `invalid_request`, naming each field that the policy or the profile does not allow */
export function requireAllowed(ask: Ask, policy: Policy, profile: Profile | undefined): void {
  const errors = [
    ...transactionProblems(ask, policy),
    ...lifeProblems(ask, policy),
    ...profileProblems(ask, policy, profile),
  ];
  if (errors.length === 0) return;
  const detail = 'The policy of this purpose does not allow the call; nothing was sent.';
  throw new DomainError('invalid_request', { detail, errors });
}

function transactionProblems({ transaction }: Ask, policy: Policy): FieldProblem[] {
  const path = 'transaction';
  if (policy.transaction === 'required' && !transaction)
    return [
      {
        path,
        message:
          'Codes of this purpose confirm payments: give amount, currency and payee. For one whose codes do not, ' +
          'the application sets transaction to none.',
      },
    ];
  if (policy.transaction === 'none' && transaction)
    return [
      { path, message: 'Codes of this purpose confirm no payments: use another purpose, or leave it out.' },
    ];
  return [];
}

function lifeProblems({ ttlSeconds }: Ask, { longLived }: Policy): FieldProblem[] {
  const message = lifeProblem(ttlSeconds, longLived);
  return message === null ? [] : [{ path: 'ttlSeconds', message }];
}

/** A call may shorten or lengthen its own code and life, as far as the profile lets it. */
function profileProblems(ask: Ask, policy: Policy, profile: Profile | undefined): FieldProblem[] {
  const own = withOverrides(policy, ask);
  const asked = (['codeLength', 'ttlSeconds'] as const).filter((name) => ask[name] !== undefined);
  return rulesOf(profile).flatMap((rule) => {
    const path = asked.find((name) => rule.settings.includes(name));
    if (path === undefined || rule.isMet(own)) return [];
    return [{ path, message: `Not under the profile ${profile}. ${reasonOf(rule, own)}` }];
  });
}
