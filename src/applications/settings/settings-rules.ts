import { parseRoutes } from '../../../config/routes';
import type { FieldProblem } from '../../common/errors';
import { knownPurposes, MAX_PURPOSES, type Application } from '../application';

/**
 * What can only be judged by looking at an application as a whole, and at the server it lives on.
 * @param gateways the gateways that this server has settings for
 */
export function problemsOf(
  application: Pick<Application, 'settings' | 'purposes'>,
  gateways: readonly string[],
): FieldProblem[] {
  return [...routeProblems(application.settings.routes, gateways), ...purposeProblems(application)];
}

function routeProblems(routes: string | undefined, gateways: readonly string[]): FieldProblem[] {
  if (routes === undefined) return [];
  const parsed = parseRoutes(routes, gateways);
  return parsed.ok ? [] : parsed.problems.map((message) => ({ path: 'settings.routes', message }));
}

function purposeProblems(application: Pick<Application, 'settings' | 'purposes'>): FieldProblem[] {
  if (knownPurposes(application).size <= MAX_PURPOSES) return [];
  const used = application.purposes.length;
  return [
    {
      path: 'settings.purposes',
      message: `At most ${MAX_PURPOSES} purposes, and ${used} are in use: purposes are fixed words, never data.`,
    },
  ];
}
