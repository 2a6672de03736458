import type { FieldProblem } from '../../common/errors';
import type { RiskCheckSetting } from './risk-settings.dto';

/** A check as settings see it. */
export interface AvailableCheck {
  readonly name: string;
  readonly asksThePerson: boolean;
}

/** The check by which a step-up can be met; undefined when the application has none. */
export function challengeCheckOf(
  settings: readonly RiskCheckSetting[] | undefined,
  available: readonly AvailableCheck[],
): RiskCheckSetting | undefined {
  return settings?.find(({ check }) =>
    available.some(({ name, asksThePerson }) => name === check && asksThePerson),
  );
}

/** What is wrong with an application's checks on this server. */
export function riskCheckProblems(
  settings: readonly RiskCheckSetting[] = [],
  available: readonly AvailableCheck[],
): FieldProblem[] {
  const byName = new Map(available.map((one) => [one.name, one]));
  const challenge = challengeCheckOf(settings, available);
  return settings.flatMap(({ check, when }, index) => {
    const path = `settings.riskChecks.${index}`;
    const found = byName.get(check);
    if (!found) return [{ path: `${path}.check`, message: notThere(check, available) }];
    if (!found.asksThePerson && when === 'on_step_up')
      return [{ path: `${path}.when`, message: `Use always: ${check} asks the person nothing.` }];
    if (found.asksThePerson && challenge?.check !== check)
      // A create carries one answer.
      return [
        { path: `${path}.check`, message: `Use one challenge: ${challenge?.check} asks the person already.` },
      ];
    return [];
  });
}

function notThere(check: string, available: readonly AvailableCheck[]): string {
  const names = available.map(({ name }) => name).sort();
  return `This server has no settings for ${check}; it has ${names.join(', ') || 'none'}.`;
}
